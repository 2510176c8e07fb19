import type { Speaker } from '../shared/language.js';

/** Those that stand in the page. */
const present = new Set<Speaker>();
/** Those that are watched, wherever they are. */
const watched = new WeakSet<Speaker>();
let observer: MutationObserver | undefined;

/** What an element writes anew as it was is told too: elements in elements would wake each other for ever. */
const isChange = ({ target, attributeName, oldValue }: MutationRecord): boolean =>
  (target as Element).getAttribute(attributeName!) !== oldValue;

/** Sees `lang` and `dir` change anywhere that counts for one of the elements, shadow roots included. */
function observe(): void {
  observer?.disconnect();
  observer = undefined;
  if (!present.size) return;
  observer = new MutationObserver((records) => {
    if (records.some(isChange)) present.forEach((speaker) => speaker.requestUpdate());
  });
  for (const speaker of present) {
    for (let node: Node | undefined = speaker; node; node = (node as ShadowRoot).host) {
      node = node.getRootNode();
      observer.observe(node, { subtree: true, attributeFilter: ['lang', 'dir'], attributeOldValue: true });
    }
  }
}

/** Has an element updated when a language changes around it, for as long as it stands in a page; one observer serves all. */
export function watchLanguage(speaker: Speaker): void {
  if (watched.has(speaker)) return;
  watched.add(speaker);
  speaker.addController({
    hostConnected() {
      present.add(speaker);
      observe();
    },
    hostDisconnected() {
      present.delete(speaker);
      observe();
    },
  });
}
