// What wrappers of frameworks are made of: attributes, properties and events of an element, from custom-elements.json.
import type { Tag } from './manifest.js';

export const camelCase = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
export const pascalCase = (name: string): string => camelCase(`-${name}`);

/** What an element says of itself, by the names that its component has for it. */
export function surfaceOf({ attributes, members, events }: Tag) {
  const described = attributes.filter(({ description }) => description);
  const isOfAttribute = (name: string) => attributes.some(({ fieldName }) => fieldName === name);
  return {
    attributes: described.map(({ name, fieldName = camelCase(name), description }) => ({
      prop: fieldName,
      name,
      description,
    })),
    properties: members.filter(
      ({ kind, readonly, static: isStatic, name }) =>
        kind === 'field' && !readonly && !isStatic && !isOfAttribute(name),
    ),
    events: events.map(({ name, description }) => ({ prop: `on${pascalCase(name)}`, name, description })),
  };
}

/** Names of all properties of an element that may be set. */
export function settableProperties(tag: Tag): string[] {
  const { attributes, properties } = surfaceOf(tag);
  return [...attributes.map(({ prop }) => prop), ...properties.map(({ name }) => name)];
}
