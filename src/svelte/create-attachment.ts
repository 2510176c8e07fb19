import type { Attachment } from 'svelte/attachments';
import { define } from '../elements/shared/define.js';

/**
 * `{@attach name(properties)}` for one tag: gives the element its properties, keeps them current, and defines the tag once it has
 * them, so that it starts with all of them. An attachment never runs on a server: what stands in the markup there holds neither
 * the text of a function nor `[object Object]`, which Svelte writes for an attribute.
 */
export function createAttachment<E extends HTMLElement, K extends keyof E>(
  tag: string,
  element: new () => E,
): (properties?: { readonly [P in K]?: E[P] | undefined }) => Attachment<E> {
  type Properties = { readonly [P in K]?: E[P] | undefined };
  const latest = new WeakMap<E, Properties>();
  return (properties = {}) =>
    (node) => {
      const before: Properties = latest.get(node) ?? {};
      for (const name of Object.keys({ ...before, ...properties }) as K[])
        if (!Object.is(before[name], properties[name])) Object.assign(node, { [name]: properties[name] });
      latest.set(node, properties);
      define(tag, element);
    };
}
