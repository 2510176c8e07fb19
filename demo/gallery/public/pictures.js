// What fake cameras and screens show: drawn, so that nobody's picture is in it.

const width = 640;
const height = 360;

/** A canvas that is drawn twenty times a second. @returns {MediaStreamTrack} its picture */
function filmOf(draw) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  const show = () => draw(context, Date.now() / 1000);
  show();
  setInterval(show, 50);
  return canvas.captureStream(20).getVideoTracks()[0];
}

const fill = (context, colour, shape) => {
  context.fillStyle = colour;
  context.beginPath();
  shape();
  context.fill();
};

/** Somebody in front of a wall, who moves a little. */
export const person = ({ wall, shelf, shirt, skin, hair }) =>
  filmOf((context, seconds) => {
    const sway = 6 * Math.sin(seconds);
    const [x, y] = [width / 2 + sway, height / 2 - 20 + 2 * Math.sin(seconds * 1.7)];
    fill(context, wall, () => context.rect(0, 0, width, height));
    fill(context, shelf, () => context.rect(0, 92, 170, 12));
    for (const [at, tall] of [
      [16, 62],
      [44, 78],
      [76, 54],
      [104, 70],
    ])
      fill(context, shirt, () => context.rect(at, 92 - tall, 20, tall));
    fill(context, shirt, () => context.ellipse(x, height + 50, 170, 170, 0, 0, 7));
    fill(context, skin, () => context.roundRect(x - 26, y + 40, 52, 80, 20));
    fill(context, hair, () => context.ellipse(x, y - 16, 74, 82, 0, 0, 7));
    fill(context, skin, () => context.ellipse(x, y + 6, 58, 72, 0, 0, 7));
    for (const side of [-1, 1])
      fill(context, hair, () => context.ellipse(x + 22 * side + sway / 2, y, 6, 7, 0, 0, 7));
    const isTalking = Math.sin(seconds * 5) > 0;
    fill(context, hair, () => context.ellipse(x, y + 40, 16, isTalking ? 7 : 3, 0, 0, 7));
  });

/** A window with a text in it, in which a pointer goes about. */
export const screen = () =>
  filmOf((context, seconds) => {
    fill(context, '#dfe4ea', () => context.rect(0, 0, width, height));
    fill(context, '#ffffff', () => context.roundRect(60, 40, 520, 290, 10));
    fill(context, '#2f6f6a', () => context.roundRect(60, 40, 520, 34, 10));
    [360, 440, 300, 420, 250, 380, 320].forEach((length, line) =>
      fill(context, line ? '#c3ccd6' : '#33404d', () => context.rect(90, 100 + 30 * line, length, 12)),
    );
    const [x, y] = [320 + 140 * Math.sin(seconds / 2), 200 + 60 * Math.cos(seconds / 3)];
    fill(context, '#16181d', () => {
      context.moveTo(x, y);
      context.lineTo(x + 18, y + 18);
      context.lineTo(x, y + 26);
    });
  });
