import {
  createElement,
  forwardRef,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  type ForwardRefExoticComponent,
  type HTMLAttributes,
  type RefAttributes,
} from 'react';
import { define } from '../elements/shared/define.js';

/** What every element takes as well: children for its slots, `className`, `id`, `lang`, `style` and the like. */
export type PlainProps<E extends HTMLElement> = HTMLAttributes<E>;

/** What is said about an element in custom-elements.json. */
export interface Surface {
  /** The attribute of each property that has one. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Properties that no attribute sets. */
  readonly properties: readonly string[];
  /** The event of each handler. */
  readonly events: Readonly<Record<string, string>>;
}

type Values = Readonly<Record<string, unknown>>;

/** Effects are for browsers; React 18 warns where a server meets a layout effect. */
const useCommitEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect;

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

/** The text of an attribute, or null where it is not there. */
const textOf = (value: unknown) =>
  value === true ? '' : value == null || value === false ? null : String(value as string | number);

/**
 * An element as a component that renders the same on a server and in a browser, in React 18 and 19.
 *
 * React itself writes attributes by the names of properties (`noRedirect`), which mean nothing in HTML, and sets properties and
 * listeners when it creates an element, but not when it hydrates one (facebook/react#35446). So the markup holds attributes by
 * their own names; before anything is painted the element gets its properties and listeners, and only then is the tag defined:
 * the element starts with all of them.
 */
export function createComponent<E extends HTMLElement, P extends PlainProps<E>>(
  name: string,
  tag: string,
  element: new () => E,
  { attributes, properties, events }: Surface,
): ForwardRefExoticComponent<P & RefAttributes<E>> {
  const isOwn = (prop: string) => prop in attributes || properties.includes(prop) || prop in events;

  /** Attributes as React writes them at first; a boolean one is `true`, which it takes for itself where there is a property. */
  const markupOf = (props: Values) =>
    Object.fromEntries(
      Object.entries(attributes)
        .filter(([prop]) => !isObject(props[prop]) && textOf(props[prop]) !== null)
        .map(([prop, attribute]) => [attribute, props[prop] === true ? true : textOf(props[prop])]),
    );

  /** Brings the element from one set of properties to another. */
  function apply(node: E, props: Values, before: Values): void {
    for (const [prop, attribute] of Object.entries(attributes)) {
      const [value, old] = [props[prop], before[prop]];
      if (isObject(value) || isObject(old)) {
        if (!Object.is(value, old)) Object.assign(node, { [prop]: value ?? undefined });
        continue;
      }
      const text = textOf(value);
      if (text === node.getAttribute(attribute)) continue;
      if (text !== null) node.setAttribute(attribute, text);
      // What the page itself has written stays, unless it was ours.
      else if (textOf(old) !== null) node.removeAttribute(attribute);
    }
    for (const prop of properties)
      if (!Object.is(props[prop], before[prop])) Object.assign(node, { [prop]: props[prop] });
  }

  const Component = forwardRef<E, P>((props, ref) => {
    const values = props as Values;
    const node = useRef<E>(null);
    const latest = useRef<Values>({});
    // What React writes it would also update, in its own way: it writes once, and `apply` goes on.
    const [markup] = useState(() => markupOf(values));
    useImperativeHandle(ref, () => node.current!, []);
    useCommitEffect(() => {
      apply(node.current!, values, latest.current);
      latest.current = values;
    });
    useCommitEffect(() => {
      const over = new AbortController();
      for (const [prop, event] of Object.entries(events))
        node.current!.addEventListener(
          event,
          (told) => (latest.current[prop] as ((event: Event) => void) | undefined)?.(told),
          over,
        );
      define(tag, element);
      return () => over.abort();
    }, []);
    const { className, ...others } = Object.fromEntries(
      Object.entries(values).filter(([prop]) => !isOwn(prop)),
    );
    // React 18 writes `className` as it is.
    return createElement(tag, {
      ...others,
      ...(className !== undefined && { class: className }),
      ...markup,
      ref: node,
    });
  });
  Component.displayName = name;
  return Component as unknown as ForwardRefExoticComponent<P & RefAttributes<E>>;
}
