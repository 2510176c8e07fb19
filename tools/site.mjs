// npm run docs: the documents as a site, while somebody writes them. npm run docs:build: as files, in site/dist.
// Its generator has packages of its own, which are installed by the first run.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureScriptTagFiles } from './script-tag-files.mjs';

const folder = 'site';
const lock = join(folder, 'package-lock.json');
/** npm leaves what it has installed here. */
const installed = join(folder, 'node_modules', '.package-lock.json');

const packagesOf = (path) =>
  Object.entries(JSON.parse(readFileSync(path, 'utf8')).packages)
    .filter(([name, { optional }]) => name && !optional)
    .map(([name, { version }]) => `${name} ${version}`)
    .join();

/** Whether the packages are those of the lock file; those of other systems are left out. */
const isInstalled = () => existsSync(installed) && packagesOf(installed) === packagesOf(lock);

if (!isInstalled()) {
  console.log('Installing the packages of the site ...');
  // Nothing of them has to be run; esbuild's program comes as a package.
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
  const npm = process.env.npm_execpath;
  if (npm) execFileSync(process.execPath, [npm, ...flags], { stdio: 'inherit' });
  else execFileSync('npm', flags, { stdio: 'inherit', shell: process.platform === 'win32' });
}
ensureScriptTagFiles(() => console.log('Building the script tag ...'));

const vitepress = join(folder, 'node_modules', 'vitepress', 'bin', 'vitepress.js');
const [command = 'dev', ...rest] = process.argv.slice(2);
execFileSync(process.execPath, [vitepress, command, folder, ...rest], { stdio: 'inherit' });
