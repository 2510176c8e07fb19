// Tabs of one session, in one browser profile.
import type { BrowserContext, Page } from 'playwright-core';
import type {} from '../../../src/index.js';

/** Opens a tab at that address, and waits until its time runs and it has begun to work with the other tabs. */
export async function openTab(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForFunction(
    () =>
      document.querySelector('marketplace-session')?.snapshot.state === 'active' &&
      performance.getEntriesByType('resource').some(({ name }) => /\/late-[^/]*\.js$/.test(name)),
  );
  // What the late parts begin they begin as they arrive.
  await page.waitForTimeout(200);
  return page;
}
