const svg = 'http://www.w3.org/2000/svg';

/** Draws how much is left of a whole. The digits beside it say the same, so it is hidden from those who hear them. */
export class Ring {
  readonly #rest: Element;

  constructor(parent: Element) {
    const ring = append(parent, 'svg', { part: 'ring', viewBox: '0 0 100 100', 'aria-hidden': 'true' });
    const circle = { cx: '50', cy: '50', r: '46' };
    append(ring, 'circle', { ...circle, part: 'ring-track' });
    this.#rest = append(ring, 'circle', { ...circle, part: 'ring-rest', pathLength: '1' });
  }

  /** @param share 0 to 1. */
  show(share: number): void {
    this.#rest.setAttribute('stroke-dasharray', `${Math.min(1, share).toFixed(4)} 2`);
  }
}

function append(parent: Element, name: string, attributes: Record<string, string>): Element {
  const element = document.createElementNS(svg, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return parent.appendChild(element);
}
