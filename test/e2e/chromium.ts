import { chromium, type Browser } from 'playwright-core';
import { browserFlags, fakeDeviceFlags, findBrowser } from '../../tools/browser.mjs';

/** How long a page is waited for, ms: a busy machine may be slow, and is not wrong for it. */
const patienceMs = 60_000;
/** How long a browser that nobody needs waits for the next file of its process, ms. */
const idleMs = 1000;

let shared: Promise<Browser> | undefined;
let borrowers = 0;
let idle: NodeJS.Timeout | undefined;

/**
 * The Chromium to test with, or its headless shell: one for all files of a process. Whoever opens it gives it back. What needs
 * tabs that are hidden, or pages that are kept, launches the whole browser.
 */
export function borrowChromium(): Promise<Browser> {
  clearTimeout(idle);
  borrowers += 1;
  return (shared ??= launch());
}

/** Closes what was opened in it, and the browser itself where nobody follows. */
export async function giveBackChromium(): Promise<void> {
  borrowers -= 1;
  if (borrowers > 0) return;
  const browser = await shared;
  await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
  idle = setTimeout(() => {
    shared = undefined;
    void browser?.close();
  }, idleMs);
}

async function launch(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: process.env.HEADLESS_SHELL_PATH ?? (await findBrowser()),
    args: [...browserFlags, ...fakeDeviceFlags],
  });
  browser.on('context', (context) => {
    context.setDefaultTimeout(patienceMs);
  });
  return browser;
}
