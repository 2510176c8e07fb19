import { expect } from '@open-wc/testing';
import type { PageBackend } from './page-backend.js';
import { closeScene, openScene } from './scenes.js';

const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;

/** Relative luminance of a colour as it is painted (WCAG 2.2). */
function luminance(color: string): number {
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].map((value) =>
    value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrastOf(element: Element): number {
  const { color, backgroundColor } = getComputedStyle(element);
  const [dark, light] = [luminance(color), luminance(backgroundColor)].sort((one, other) => one - other);
  return (light! + 0.05) / (dark! + 0.05);
}

describe('the text on an accent of the page', () => {
  let backend: PageBackend;
  afterEach(() => closeScene(backend));

  it('is read on any of them, in light and dark, where it is not set; set, it is taken', async () => {
    const scene = await openScene('picker');
    ({ backend } = scene);
    const { element } = scene.page;
    const button = await scene.page.see('confirm-button');
    const worst: Record<string, number> = {};
    for (const theme of ['light', 'dark'] as const) {
      element.theme = theme;
      for (const accent of [
        '',
        '#facc15',
        '#000',
        '#fff',
        '#16a34a',
        '#767676',
        '#dc2626',
        '#7c3aed',
        'hotpink',
      ]) {
        element.style.setProperty('--marketplace-session-accent', accent);
        const contrast = contrastOf(button);
        if (contrast < 4.5) worst[`${theme} ${accent}`] = contrast;
      }
    }
    expect(worst).to.deep.equal({});
    element.style.setProperty('--marketplace-session-on-accent', 'rgb(1, 2, 3)');
    expect(getComputedStyle(button).color).to.equal('rgb(1, 2, 3)');
  });
});
