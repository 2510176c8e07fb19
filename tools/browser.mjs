// Finds the browsers to test with, and gets them where the machine has none.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
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
  // Lines of text are as long in every build of it.
  '--font-render-hinting=none',
];

/** A camera that shows a moving picture and a microphone that beeps, allowed without a question. */
export const fakeDeviceFlags = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const fixedPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const firefoxPlaces = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];
const miniBrowserPlaces = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(
  (kind) => `/usr/lib/${kind}/webkit2gtk-4.1/MiniBrowser`,
);
// The last line of this package that runs on Node 20; it brings a browser and its libraries inside the package.
const portablePackage = '@sparticuz/chromium@147.0.0';

/** The path of a Chromium: `CHROME_PATH`, the system's, or one installed now. */
export async function findBrowser() {
  const find = () => process.env.CHROME_PATH ?? onThisMachine();
  const found = find() ?? (installPackages('chromium') ? find() : undefined);
  if (found) return found;
  if (process.platform === 'linux' && process.arch === 'x64') {
    const portable = await portableBrowser();
    if (portable) return portable;
  }
  throw new Error('No Chromium found. Install Chromium or Chrome, or name one in CHROME_PATH.');
}

/**
 * The path of a Chromium that has no windows, tabs and profiles and so does half the work for the same page: that of
 * `HEADLESS_SHELL_PATH`, the system's, or one installed now; undefined where none can be had.
 */
export function findHeadlessShell() {
  const find = () => process.env.HEADLESS_SHELL_PATH ?? findProgram('chromium-headless-shell');
  return find() ?? (installPackages('chromium-headless-shell') ? find() : undefined);
}

/** The path of a Firefox: `FIREFOX_PATH`, the system's, or one installed now; undefined where none can be had. */
export function findFirefox() {
  const find = () => process.env.FIREFOX_PATH ?? findProgram('firefox-esr', 'firefox', ...firefoxPlaces);
  return find() ?? (installPackages('firefox-esr') ? find() : undefined);
}

/**
 * What runs WebKit by WebDriver: the system's WebKitGTK, or one installed now; undefined where it cannot be had.
 * `xvfb` is a screen for a machine without one.
 */
export function findWebkit() {
  const find = () => {
    const driver = findProgram('WebKitWebDriver');
    const browser = findProgram(...miniBrowserPlaces);
    const xvfb = findProgram('Xvfb');
    return driver && browser && (xvfb || process.env.DISPLAY) ? { driver, browser, xvfb } : undefined;
  };
  return find() ?? (installPackages('webkit2gtk-driver', 'xvfb') ? find() : undefined);
}

const onThisMachine = () => findProgram(...names, ...fixedPlaces);

/** The first of those names that is a program: on the path, or in that very place. */
function findProgram(...wanted) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const placesOf = (name) => (isAbsolute(name) ? [name] : folders.map((folder) => join(folder, name)));
  return wanted.flatMap(placesOf).find(isExecutable);
}

/** Installs Debian packages, where that is possible. */
function installPackages(...packages) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !findProgram('apt-get')) return false;
  try {
    run('apt-get', ['update']);
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages]);
    return true;
  } catch {
    return false;
  }
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
