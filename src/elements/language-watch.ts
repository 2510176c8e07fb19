/** Something whose language may change with its place. */
interface Watcher extends Element {
  requestUpdate(): void;
}

const watchers = new Set<Watcher>();
let observer: MutationObserver | undefined;

/** Sees `lang` and `dir` change anywhere that counts for one of the elements, shadow roots included. */
function observe(): void {
  observer?.disconnect();
  observer = undefined;
  if (!watchers.size) return;
  observer = new MutationObserver(() => watchers.forEach((watcher) => watcher.requestUpdate()));
  for (const watcher of watchers) {
    for (let node: Node | undefined = watcher; node; node = (node as ShadowRoot).host) {
      node = node.getRootNode();
      observer.observe(node, { subtree: true, attributeFilter: ['lang', 'dir'] });
    }
  }
}

/** Has an element updated when a language changes around it; one observer serves all. @returns a function that ends it. */
export function watchLanguage(watcher: Watcher): () => void {
  watchers.add(watcher);
  observe();
  return () => {
    watchers.delete(watcher);
    observe();
  };
}
