// Makes custom-elements.json from the elements' sources, and from it what editors know of the tags.
import { customElementJetBrainsPlugin } from 'custom-element-jet-brains-integration';
import { customElementVsCodePlugin } from 'custom-element-vs-code-integration';

const outdir = 'editor';
const publicOnly = {
  name: 'public-only',
  packageLinkPhase({ customElementsManifest }) {
    for (const { declarations } of customElementsManifest.modules) {
      for (const declaration of declarations) {
        declaration.members = declaration.members?.filter(
          ({ name }) =>
            !/^(#|frame$|language$|draws$|whole$|panels$|element$|show$|followed$|sheets$)/.test(name),
        );
      }
    }
  },
};

/** A property's attribute is its name in kebab case (`BaseElement`); the analyzer takes the name itself. */
const kebab = (name) => name.replace(/[A-Z]/g, '-$&').toLowerCase();
const attributeNames = {
  name: 'attribute-names',
  packageLinkPhase({ customElementsManifest }) {
    for (const declaration of customElementsManifest.modules.flatMap(({ declarations }) => declarations)) {
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

export default {
  globs: ['src/elements/marketplace-session.ts', 'src/elements/pieces/*.ts', 'src/index.ts', 'src/pieces.ts'],
  litelement: true,
  outdir: '.',
  packagejson: false,
  quiet: true,
  plugins: [
    publicOnly,
    attributeNames,
    customElementVsCodePlugin({ outdir, hideLogs: true }),
    customElementJetBrainsPlugin({ outdir, packageJson: false, hideLogs: true }),
  ],
};
