// What custom-elements.json says beyond the analyzer: names of attributes, lists of names, types of events, commands,
// and the files that the package ships in place of their sources.

/** @param {{modules: object[]}} manifest every class in it. */
const classesOf = ({ modules }) => modules.flatMap(({ declarations }) => declarations ?? []);

/** What is ours alone, and what the analyzer says of classes that are not exported. */
const publicOnly = {
  name: 'public-only',
  packageLinkPhase({ customElementsManifest }) {
    for (const declaration of classesOf(customElementsManifest)) {
      declaration.members = declaration.members?.filter(
        ({ name }) =>
          !/^(#|frame$|language$|draws$|whole$|panels$|element$|show$|followed$|sheets$|options$|showState$|redirect$|logger$|heard$|written$)/.test(
            name,
          ),
      );
      for (const member of [...(declaration.members ?? []), ...(declaration.attributes ?? [])])
        delete member.inheritedFrom;
      declaration.superclass = { name: 'ReactiveElement', package: '@lit/reactive-element' };
    }
  },
};

/** A property's attribute is its name in kebab case (`BaseElement`); the analyzer takes the name itself. */
const kebab = (name) => name.replace(/[A-Z]/g, '-$&').toLowerCase();
const attributeNames = {
  name: 'attribute-names',
  packageLinkPhase({ customElementsManifest }) {
    for (const declaration of classesOf(customElementsManifest)) {
      for (const member of declaration.members ?? []) {
        if (member.attribute) member.attribute = kebab(member.attribute);
      }
      const named = new Map();
      for (const { name, ...attribute } of declaration.attributes ?? []) {
        const own = kebab(name);
        const { description, ...known } = named.get(own) ?? {};
        named.set(own, {
          name: own,
          ...attribute,
          ...known,
          description: description ?? attribute.description,
        });
      }
      if (declaration.attributes) declaration.attributes = [...named.values()];
    }
  },
};

const described = ['slots', 'cssParts', 'cssProperties', 'cssStates'];

/** `@csspart one, another - What they are.` is two parts; a piece's without a description is as the tag's own. */
const listsOfNames = {
  name: 'lists-of-names',
  packageLinkPhase({ customElementsManifest }) {
    const declarations = classesOf(customElementsManifest);
    for (const declaration of declarations) {
      for (const kind of described) {
        if (declaration[kind]) declaration[kind] = declaration[kind].flatMap(oneByOne);
      }
    }
    const tag = declarations.find(({ tagName }) => tagName === 'marketplace-session');
    for (const declaration of declarations) {
      for (const kind of described) {
        declaration[kind] = declaration[kind]?.map((item) =>
          item.description ? item : { ...tag[kind].find(({ name }) => name === item.name), ...item },
        );
        for (const item of declaration[kind] ?? [])
          if (!item.description) throw new Error(`${declaration.tagName}: ${item.name} is not described`);
      }
    }
  },
};

function oneByOne(item) {
  if (!item.name.endsWith(',')) return [item];
  const [, names, description] = /^(.*?)(?: - (.*))?$/s.exec(`${item.name} ${item.description}`);
  return names.split(', ').map((name) => ({ name, ...(description && { description }) }));
}

/** Listeners of our events are typed in `HTMLElementEventMap`. */
const eventTypes = {
  name: 'event-types',
  packageLinkPhase({ customElementsManifest }) {
    for (const { events = [] } of classesOf(customElementsManifest)) {
      for (const event of events) event.type = { text: `HTMLElementEventMap['${event.name}']` };
    }
  },
};

/** `@command --name - What it does.`: for buttons with `commandfor`. The schema has no place for them yet. */
const commands = {
  name: 'commands',
  analyzePhase({ ts, node, moduleDoc }) {
    if (!ts.isClassDeclaration(node)) return;
    const tags = ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === 'command');
    if (!tags.length) return;
    const declaration = moduleDoc.declarations.find(({ name }) => name === node.name.text);
    declaration.commands = tags.map(({ comment }) => {
      const [, name, description] = /^(--[\w-]+) - (.*)$/s.exec(comment.trim());
      return { name, description };
    });
  },
};

/** Which script defines the tags of a folder. */
const definitions = {
  'dist/elements/session/': 'dist/index.js',
  'dist/elements/pieces/': 'dist/pieces.js',
  'dist/elements/help/': 'dist/live-help.js',
  'dist/elements/dashboard/': 'dist/dashboard.js',
  'dist/elements/setup/': 'dist/setup.js',
};

/** The tag first, then its pieces. */
const placeOf = ({ path }) => Object.keys(definitions).findIndex((folder) => path.startsWith(folder));

/** The files that the package ships, and those that define the tags. */
const shippedFiles = {
  name: 'shipped-files',
  packageLinkPhase({ customElementsManifest }) {
    const modules = customElementsManifest.modules.flatMap((module) => {
      const declarations = module.declarations.filter(({ tagName }) => tagName);
      if (!declarations.length) return [];
      const path = module.path.replace(/^src(.*)ts$/, 'dist$1js');
      const exports = declarations.map(({ name }) => ({
        kind: 'js',
        name,
        declaration: { name, module: path },
      }));
      return [{ kind: 'javascript-module', path, declarations, exports }];
    });
    // A file system lists files in whatever order.
    modules.sort((one, other) => placeOf(one) - placeOf(other) || (one.path < other.path ? -1 : 1));
    const scripts = Object.entries(definitions).map(([folder, path]) => ({
      kind: 'javascript-module',
      path,
      declarations: [],
      exports: modules.flatMap(({ declarations, path: module }) =>
        declarations
          .filter(() => module.startsWith(folder))
          .map(({ name, tagName }) => ({
            kind: 'custom-element-definition',
            name: tagName,
            declaration: { name, module },
          })),
      ),
    }));
    customElementsManifest.modules = [...modules, ...scripts];
  },
};

export const manifestPlugins = [publicOnly, attributeNames, listsOfNames, eventTypes, commands, shippedFiles];
