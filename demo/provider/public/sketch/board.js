const colours = { violet: '#5b45c9', rose: '#d6336c', teal: '#0c8577', ink: '#2b2350' };
const lineWidth = 4;

/** A board to draw on. Strokes are kept as points between 0 and 1 of its width, so that it can be resized. */
export class Board {
  #canvas;
  #pen;
  #strokes = [];

  /** @param pen says which colour is chosen. */
  constructor(canvas, pen) {
    this.#canvas = canvas;
    this.#pen = pen;
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#strokes.push({ pen: this.#pen(), points: [this.#pointOf(event)] });
      this.#draw();
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      this.#strokes.at(-1).points.push(this.#pointOf(event));
      this.#draw();
    });
    new ResizeObserver(() => this.#draw()).observe(canvas);
  }

  get strokes() {
    return this.#strokes;
  }

  set strokes(strokes) {
    this.#strokes = strokes;
    this.#draw();
  }

  undo() {
    this.strokes = this.#strokes.slice(0, -1);
  }

  clear() {
    this.strokes = [];
  }

  /** The drawing as a picture. */
  toBlob() {
    return new Promise((resolve) => this.#canvas.toBlob(resolve));
  }

  #pointOf({ offsetX, offsetY }) {
    const { clientWidth } = this.#canvas;
    return [offsetX / clientWidth, offsetY / clientWidth];
  }

  #draw() {
    const canvas = this.#canvas;
    const { clientWidth, clientHeight } = canvas;
    if (!clientWidth) return;
    canvas.width = clientWidth * devicePixelRatio;
    canvas.height = clientHeight * devicePixelRatio;
    const context = canvas.getContext('2d');
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(canvas.width, canvas.width);
    context.lineWidth = lineWidth / clientWidth;
    context.lineCap = context.lineJoin = 'round';
    for (const { pen, points } of this.#strokes) {
      context.strokeStyle = colours[pen];
      context.beginPath();
      for (const [x, y] of points) context.lineTo(x, y);
      // A tap leaves a dot.
      if (points.length === 1) context.lineTo(...points[0]);
      context.stroke();
    }
  }
}
