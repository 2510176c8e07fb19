// Makes custom-elements.json from the elements' sources.
const publicOnly = {
  name: 'public-only',
  packageLinkPhase({ customElementsManifest }) {
    for (const { declarations } of customElementsManifest.modules) {
      for (const declaration of declarations) {
        declaration.members = declaration.members?.filter(
          ({ name }) => !name.startsWith('#') && name !== 'frame',
        );
      }
    }
  },
};

export default {
  globs: ['src/elements/marketplace-session.ts', 'src/index.ts'],
  litelement: true,
  outdir: '.',
  packagejson: false,
  quiet: true,
  plugins: [publicOnly],
};
