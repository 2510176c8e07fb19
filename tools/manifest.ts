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
  privacy?: 'public' | 'protected' | 'private';
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
  modules: { path: string; declarations: Declaration[]; exports: { kind: string; name: string }[] }[];
}

export interface Tag extends Declaration {
  tagName: string;
  /** What defines it, as one imports it: `marketplace-session/pieces`. */
  entry: string;
  /** The file of its class below `dist`, without extension. */
  module: string;
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

/** `dist/pieces.js` is `marketplace-session/pieces`, and `dist/index.js` the package itself. */
const entryOf = (path: string) =>
  path.replace(/^dist\/(.*)\.js$/, 'marketplace-session/$1').replace(/\/index$/, '');

/** Every element of the package. */
export function readTags(): Tag[] {
  const manifest = JSON.parse(readFileSync('custom-elements.json', 'utf8')) as Manifest;
  const entries = new Map(
    manifest.modules.flatMap(({ path, exports }) =>
      exports
        .filter(({ kind }) => kind === 'custom-element-definition')
        .map(({ name }) => [name, entryOf(path)] as const),
    ),
  );
  return manifest.modules
    .flatMap(({ path, declarations }) => declarations.map((declaration) => ({ path, declaration })))
    .filter(({ declaration }) => declaration.tagName !== undefined)
    .map(({ path, declaration }) => {
      const module = path.replace(/^dist\/(.*)\.js$/, '$1');
      const tag = { ...none, ...declaration, entry: entries.get(declaration.tagName!), module } as Tag;
      return { ...tag, members: tag.members.filter(({ privacy = 'public' }) => privacy === 'public') };
    });
}
