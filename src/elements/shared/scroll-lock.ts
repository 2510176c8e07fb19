/** Whether the viewport takes its overflow from the body (CSS Overflow, 3.3). */
function isBodyPropagated({ documentElement, body }: Document): boolean {
  const isVisible = (element: Element) => getComputedStyle(element).overflow === 'visible';
  return isVisible(documentElement) && !isVisible(body);
}

/**
 * Keeps the page from scrolling. By a style sheet of its own, so that a lock of the page's stays what it is, whichever
 * of the two ends first. The place of a scroll bar is kept, and pinching still magnifies.
 * @returns a function that ends it.
 */
export function lockScroll(page: Document): () => void {
  const window = page.defaultView!;
  const sheet = new window.CSSStyleSheet();
  const hasScrollBar = window.innerWidth > page.documentElement.clientWidth;
  sheet.replaceSync(
    `@media screen { ${isBodyPropagated(page) ? 'body' : ':root'} { overflow: hidden !important } }` +
      (hasScrollBar ? ':root { scrollbar-gutter: stable }' : ''),
  );
  page.adoptedStyleSheets = [...page.adoptedStyleSheets, sheet];
  return () => (page.adoptedStyleSheets = page.adoptedStyleSheets.filter((other) => other !== sheet));
}
