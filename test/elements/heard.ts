/** Where a change of text is read out (WAI-ARIA 1.2, live regions). */
const live = '[role=status], [role=alert], [role=log], [aria-live=polite], [aria-live=assertive]';

/** Everything that somebody who does not see the page hears of these elements from now on, in order. */
export function hear(...elements: Element[]): string[] {
  const heard: string[] = [];
  const observer = new MutationObserver((records) => {
    const regions = records.map(({ target }) =>
      (target instanceof Element ? target : target.parentElement)?.closest(live),
    );
    for (const region of new Set(regions)) if (region?.textContent) heard.push(region.textContent);
  });
  for (const { shadowRoot } of elements)
    observer.observe(shadowRoot!, { subtree: true, childList: true, characterData: true });
  return heard;
}
