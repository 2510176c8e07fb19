import { chromium, type Browser } from 'playwright-core';
import { browserFlags, findBrowser } from '../../tools/browser.mjs';

/** How long a page is waited for, ms: a busy machine may be slow, and is not wrong for it. */
const patienceMs = 60_000;

/** Starts the Chromium to test with. */
export async function launchChromium(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: browserFlags });
  browser.on('context', (context) => {
    context.setDefaultTimeout(patienceMs);
  });
  return browser;
}
