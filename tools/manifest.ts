// The part of custom-elements.json that generated files are made of.
import { readFileSync } from 'node:fs';

export interface Described {
  name: string;
  description?: string;
  type?: { text: string };
  default?: string;
}

export interface Member extends Described {
  kind: 'field' | 'method';
  parameters?: Described[];
  return?: { type?: { text: string } };
  readonly?: boolean;
  static?: boolean;
}

export interface Attribute extends Described {
  /** The property that it sets. */
  fieldName?: string;
}

export interface Declaration extends Described {
  tagName?: string;
  attributes: Attribute[];
  members: Member[];
  events: Described[];
  slots: Described[];
  cssParts: Described[];
  cssProperties: Described[];
  cssStates: Described[];
  /** For buttons with `commandfor`. */
  commands: Described[];
}

interface Manifest {
  modules: { declarations: Declaration[] }[];
}

export interface Tag extends Declaration {
  tagName: string;
}

/** What the analyzer leaves out where an element has none. */
const none = {
  attributes: [],
  members: [],
  events: [],
  slots: [],
  cssParts: [],
  cssProperties: [],
  cssStates: [],
  commands: [],
};

/** Every element of the package. */
export function readTags(): Tag[] {
  const manifest = JSON.parse(readFileSync('custom-elements.json', 'utf8')) as Manifest;
  return manifest.modules
    .flatMap(({ declarations }) => declarations)
    .filter(({ tagName }) => tagName !== undefined)
    .map((declaration) => ({ ...none, ...declaration }) as Tag);
}
