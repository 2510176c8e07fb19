type Value = string | boolean | null | undefined | ((event: Event) => void);
type Attributes = Record<string, Value>;

/** An element that is wanted. */
interface Wanted {
  tag: string;
  attributes: Attributes;
  content: Drawable[];
}

/** What can be drawn; null, false and the empty text draw nothing. */
export type Drawable = Wanted | string | number | null | false | undefined | readonly Drawable[];

/**
 * Describes an element by its tag and, after a dot, its parts: `button.button end-button`. Attributes by name, `on…`
 * listeners and booleans as properties. Without any content what is in it stays as it is.
 */
export function h(what: string, attributes: Attributes, ...content: Drawable[]): Wanted {
  const [tag, part] = what.split('.');
  return { tag: tag!, attributes: { part, ...attributes }, content };
}

/** What an element was drawn with. */
const drawn = new WeakMap<Node, Attributes>();

/** One element stays the same as long as tag and key do; the last of its parts is its key. */
const keyOf = ({ key, part }: Attributes): unknown => key ?? (part as string | undefined)?.split(' ').at(-1);

const isSame = (node: Node, { tag, attributes }: Wanted): boolean => {
  const before = drawn.get(node);
  return !!before && node.nodeName === tag.toUpperCase() && keyOf(before) === keyOf(attributes);
};

/**
 * Makes the content of an element what is wanted, and touches nothing that is so already: focus, choice and selection
 * stay. Order is fixed: things come and go, and never change places.
 */
export function draw(parent: Element, ...content: Drawable[]): void {
  let node = parent.firstChild;
  const removeUntil = (end: ChildNode | null) => {
    while (node && node !== end) {
      const next: ChildNode | null = node.nextSibling;
      node.remove();
      node = next;
    }
  };
  for (const item of (content as unknown[]).flat(5) as Exclude<Drawable, readonly Drawable[]>[]) {
    if (!item && item !== 0) continue;
    if (typeof item === 'object') {
      let found = node;
      while (found && !isSame(found, item)) found = found.nextSibling;
      if (found) removeUntil(found);
      const element = (found ?? parent.insertBefore(document.createElement(item.tag), node)) as Element;
      dress(element, item.attributes);
      if (item.content.length) draw(element, ...item.content);
      node = element.nextSibling;
    } else {
      if (!(node instanceof Text)) node = parent.insertBefore(new Text(), node);
      if ((node as Text).data !== String(item)) (node as Text).data = String(item);
      node = node.nextSibling;
    }
  }
  removeUntil(null);
}

function dress(element: Element, attributes: Attributes): void {
  const before = drawn.get(element);
  drawn.set(element, attributes);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'key') continue;
    if (typeof value === 'function' || typeof value === 'boolean')
      (element as unknown as Attributes)[name] = value;
    else if (value == null) element.removeAttribute(name);
    else if (before?.[name] !== value) element.setAttribute(name, value);
  }
}
