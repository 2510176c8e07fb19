// Makes custom-elements.json from the elements' sources, and from it what editors know of the tags.
import { customElementJetBrainsPlugin } from 'custom-element-jet-brains-integration';
import { customElementVsCodePlugin } from 'custom-element-vs-code-integration';
import { manifestPlugins } from './tools/manifest-plugins.mjs';

const outdir = 'editor';

export default {
  globs: [
    'src/elements/session/marketplace-session.ts',
    'src/elements/pieces/*.ts',
    'src/elements/help/*/marketplace-*.ts',
    'src/elements/dashboard/marketplace-*.ts',
    'src/elements/setup/marketplace-*.ts',
  ],
  litelement: true,
  outdir: '.',
  packagejson: false,
  quiet: true,
  plugins: [
    ...manifestPlugins,
    customElementVsCodePlugin({ outdir, hideLogs: true }),
    customElementJetBrainsPlugin({ outdir, packageJson: false, hideLogs: true }),
  ],
};
