// Writes down each text that the timer shows and when: that of the element, or that of a bare page's #time.

/** `at` is the page's performance.now(), ms. */
export interface ShownText {
  text: string;
  at: number;
}

const shown: ShownText[] = [];

function follow(root: Node & ParentNode, selector: string): void {
  new MutationObserver(() => {
    const at = performance.now();
    const text = root.querySelector(selector)?.textContent ?? '';
    if (text && text !== shown.at(-1)?.text) shown.push({ text, at });
  }).observe(root, { childList: true, characterData: true, subtree: true });
}

const tag = 'marketplace-session';
void customElements
  .whenDefined(tag)
  .then(() => follow(document.querySelector(tag)!.shadowRoot!, '[part=time]'));
follow(document, '#time');

/** How far the device's clock, Date.now(), is ahead of performance.now(); its whole milliseconds are looked through. */
function clockOffset(): number {
  let offset = -Infinity;
  for (const end = performance.now() + 20; performance.now() < end;) {
    offset = Math.max(offset, Date.now() - performance.now());
  }
  return offset;
}

window.shownText = { shown, clockOffset };

declare global {
  interface Window {
    shownText: { shown: readonly ShownText[]; clockOffset: () => number };
  }
}
