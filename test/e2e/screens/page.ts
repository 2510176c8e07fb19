// What the page of the screens test runs: the tag over a service in the page, in any state, and pieces of it.
import '../../../src/pieces.js';
import type { MarketplaceSessionElement } from '../../../src/index.js';
import type { OwnWords } from '../../../src/elements/shared/words.js';
import { ownWords } from '../../elements/own-words.js';
import { openScene, scenes } from '../../elements/scenes.js';

/** A piece of the tag by its name, and its attributes. */
export type Piece = readonly [tag: string, attributes: Record<string, string>];

export interface Screen {
  scene: string;
  attributes?: Record<string, string>;
  pieces?: readonly Piece[];
}

declare global {
  interface Window {
    sceneNames: string[];
    /** Opens a state, with attributes for the tag, and pieces beside it. */
    openScreen(screen: Screen): Promise<void>;
    /** Puts a word that is longer than any line in front of every text, from the first tag on. */
    lengthenWords(): void;
  }
}

window.sceneNames = Object.keys(scenes);

window.lengthenWords = () => {
  const words = ownWords((text) => `${'Donaudampfschifffahrt'.repeat(4)} ${text}`);
  const replace = ({ target }: Event) => ((target as MarketplaceSessionElement).strings = words);
  document.addEventListener('session-statechange', replace, { once: true });
};

window.openScreen = async ({ scene, attributes = {}, pieces = [] }) => {
  for (const [tag, own] of pieces) {
    const piece = document.createElement(tag);
    for (const [name, value] of Object.entries(own)) piece.setAttribute(name, value);
    document.body.append(piece, ' ');
  }
  const { page } = await openScene(scene, attributes, pieces.length ? 'end-button' : undefined);
  // A text that counts down would be another one at each look.
  page.element.strings = { nextTry: 'One moment…', ...page.element.strings } as unknown as OwnWords;
  await page.element.updateComplete;
  for (const [tag] of pieces.slice(-1)) {
    const { shadowRoot } = document.querySelector(tag)!;
    await page.until(
      () => shadowRoot?.querySelector('button, [part~=banner], [part=timer]')?.checkVisibility(),
      `${tag} is there`,
    );
  }
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  (focused as HTMLElement | null)?.blur();
};
