import type { BaseElement, Property } from '../../shared/base-element.js';

/** What has been told of, by element and property. */
const told = new WeakMap<BaseElement, Map<string, unknown>>();

/** Tells whoever writes the page, once, which values mean the default because they are none. */
export function tellIllegalValues(element: BaseElement): void {
  const { elementProperties } = element.constructor as typeof BaseElement;
  if (!told.has(element)) told.set(element, new Map());
  const known = told.get(element)!;
  for (const [name, value] of Object.entries(element.written)) {
    const { read } = elementProperties.get(name) as object as Property;
    if (read(value) !== null) known.delete(name);
    else if (!known.has(name) || known.get(name) !== value) {
      known.set(name, value);
      console.warn(`<${element.localName}> ignores ${name}="${String(value)}"`);
    }
  }
}
