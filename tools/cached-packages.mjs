// Packages that few need and that weigh much: installed on the first use, into a folder of node_modules/.cache.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Installs packages where they are not there already, without their scripts. To be run by npm.
 * @param {string} name of the folder in node_modules/.cache
 * @param {Record<string, string>} versions exact, by the package's name
 * @returns the folder's path, and whether anything was installed now
 * @throws where one cannot be had
 */
export function installCached(name, versions) {
  const folder = resolve('node_modules/.cache', name);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'package.json')))
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const missing = Object.entries(versions).filter(([name, version]) => versionOf(folder, name) !== version);
  if (missing.length) {
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--save-exact'];
    const wanted = missing.map(([name, version]) => `${name}@${version}`);
    execFileSync(process.execPath, [process.env.npm_execpath, 'install', ...flags, ...wanted], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 300_000,
    });
  }
  return { folder, isNew: missing.length > 0 };
}

function versionOf(folder, name) {
  const manifest = join(folder, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}
