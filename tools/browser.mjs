// Finds a Chromium to test with, and gets one where the machine has none.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Flags for a quiet browser that needs no network, and runs as root in a container. */
export const browserFlags = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--disable-gpu',
];

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const fixedPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
// The last line of this package that runs on Node 20; it brings a browser and its libraries inside the package.
const portablePackage = '@sparticuz/chromium@147.0.0';

/** The path of a Chromium: `CHROME_PATH`, the system's, or one installed now. */
export async function findBrowser() {
  const found = process.env.CHROME_PATH ?? onThisMachine();
  if (found) return found;
  if (process.platform === 'linux' && process.arch === 'x64') {
    const portable = await portableBrowser();
    if (portable) return portable;
  }
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    run('apt-get', ['update']);
    run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
    const installed = onThisMachine();
    if (installed) return installed;
  }
  throw new Error('No Chromium found. Install Chromium or Chrome, or name one in CHROME_PATH.');
}

function onThisMachine() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    ...fixedPlaces,
  ];
  return candidates.find(isExecutable);
}

async function portableBrowser() {
  const folder = resolve('node_modules/.cache/marketplace-session/browser');
  const entry = join(folder, 'node_modules/@sparticuz/chromium');
  try {
    if (!existsSync(entry)) {
      mkdirSync(folder, { recursive: true });
      run('npm', ['install', '--no-save', '--no-package-lock', '--prefix', folder, portablePackage]);
    }
    // Makes the package unpack the libraries that a bare machine lacks.
    process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x';
    const { default: chromium } = await import(pathToFileURL(join(entry, 'build/esm/index.js')).href);
    return await chromium.executablePath();
  } catch (error) {
    console.warn(`The portable browser could not be used: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

function run(command, args) {
  console.log(`$ ${command} ${args.join(' ')}`);
  execFileSync(command, args, { stdio: 'inherit' });
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
