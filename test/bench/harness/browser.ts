import { chromium, type Browser, type Page } from 'playwright-core';

/** The Chromium of `CHROME_PATH`. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROME_PATH;
  if (!executablePath) throw new Error('CHROME_PATH is not set: run this as npm run bench');
  const { browserFlags } = (await import(new URL('../../../tools/browser.mjs', import.meta.url).href)) as {
    browserFlags: string[];
  };
  return chromium.launch({ executablePath, args: browserFlags });
}

/** A page with scripts that run before its own, each in a scope of its own. */
export async function openPage(browser: Browser, initScripts: readonly string[] = []): Promise<Page> {
  const page = await browser.newPage();
  for (const content of initScripts) await page.addInitScript({ content: `(() => {${content}\n})();` });
  return page;
}
