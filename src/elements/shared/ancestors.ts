/** An element and those around it as they are rendered: through slots and shadow roots. */
export function* renderedIn(element: Element): Generator<Element> {
  for (let node: Element | null = element; node; node = parentOf(node)) yield node;
}

const parentOf = (element: Element): Element | null =>
  element.assignedSlot ??
  element.parentElement ??
  (element.getRootNode() as Partial<ShadowRoot>).host ??
  null;
