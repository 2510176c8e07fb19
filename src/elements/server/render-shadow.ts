import { initialSnapshot } from '../../controller/snapshot.js';
import { Frame } from '../session/frame.js';
import { Language } from '../shared/language.js';
import { create, mark } from '../shared/nodes.js';
import { timerPieceStyles } from '../pieces/shape-styles.js';
import { barStyles, timerStyles } from '../session/styles.js';
import { Timer } from '../session/timer.js';
import { placeOf, TextElement } from './text-nodes.js';

export interface ServerRendering {
  /** Language of the place in the page, such as `de`; English by default. */
  lang?: string;
  /** For a policy that allows inline styles by nonce. */
  nonce?: string;
}

/** What can be drawn before there is a session. */
export type ServerRendered = 'marketplace-session' | 'marketplace-session-timer';

type Draw = (root: Node, language: Language) => void;

const drawings: Record<ServerRendered, { styles: readonly string[]; draw: Draw }> = {
  'marketplace-session': {
    styles: [timerStyles, barStyles],
    draw: (root, language) => new Frame(root).show(initialSnapshot, language, true),
  },
  'marketplace-session-timer': {
    styles: timerPieceStyles,
    draw: (root, language) => {
      const whole = create(root, 'div', { part: 'session' });
      mark(whole, language);
      new Timer(whole).show(initialSnapshot, language);
    },
  },
};

/**
 * What stands in the shadow root of a tag before its script has come, for a declarative shadow root: it has its place
 * from the first paint on, and nothing moves when the tag wakes up.
 * @example
 * `<marketplace-session api-endpoint="…">
 *   <template shadowrootmode="open">${await renderShadow('marketplace-session')}</template>
 * </marketplace-session>`
 */
export async function renderShadow(
  tag: ServerRendered,
  { lang = '', nonce = '' }: ServerRendering = {},
): Promise<string> {
  const { styles, draw } = drawings[tag];
  const language = new Language(placeOf(lang), () => []);
  language.look();
  await language.load();
  const style = new TextElement('style');
  if (nonce) style.setAttribute('nonce', nonce);
  const root = new TextElement('template');
  draw(root as unknown as Node, language);
  // A style sheet is no text to be escaped, and this one is ours.
  const sheet = style.outerHTML.replace('</style>', `${styles.join('').replace(/\s+/g, ' ')}</style>`);
  return sheet + root.innerHTML;
}
