import assert from 'node:assert/strict';
import type { BrowserContext, ConsoleMessage, Page } from 'playwright-core';
import type { MarketplaceSessionElement } from '../../src/index.js';

/** Asks the tag of a page; the question is carried over as text, and sees nothing from around it. */
export const ask = <T>(page: Page, question: (element: MarketplaceSessionElement) => T) =>
  page.evaluate(
    `(${question.toString()})(document.querySelector('marketplace-session'))` as unknown as () => Awaited<T>,
  );

/** Waits until the time of a page runs; fails with the code of the error otherwise. */
export async function running(page: Page): Promise<Page> {
  await page.waitForFunction(() => {
    const { state } = document.querySelector('marketplace-session')?.snapshot ?? {};
    return state === 'active' || state === 'failed';
  });
  assert.equal(await ask(page, (element) => element.snapshot.error?.code ?? null), null);
  return page;
}

/** Opens an address in a new tab, and waits until its time runs. */
export async function open(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  return running(page);
}

/** Waits until the session of a page has failed. @returns its code, and what the person reads. */
export async function failure(page: Page): Promise<{ code: string; text: string }> {
  await page.waitForFunction(
    () => document.querySelector('marketplace-session')?.snapshot.state === 'failed',
  );
  const text = page.locator('marketplace-session [part=error]');
  await text.waitFor();
  return {
    code: await ask(page, (element) => element.snapshot.error!.code),
    text: (await text.innerText()).trim(),
  };
}

/** Takes note of what the tag tells the page, in all pages that the context opens from now on. */
export async function noteEvents(context: BrowserContext, ...types: string[]): Promise<void> {
  await context.addInitScript((noted) => {
    const heard: object[] = ((window as unknown as { heard: object[] }).heard = []);
    for (const type of noted) {
      document.addEventListener(type, (event) => {
        const { connection, additionalSeconds, status, thresholdSeconds, finalCost } =
          event as unknown as Record<string, unknown>;
        heard.push(
          JSON.parse(
            JSON.stringify({ type, connection, additionalSeconds, status, thresholdSeconds, finalCost }),
          ) as object,
        );
      });
    }
  }, types);
}

/** What `noteEvents` took note of in this page. */
export const heard = (page: Page) =>
  page.evaluate(() => (window as unknown as { heard: Record<string, unknown>[] }).heard);

/**
 * What the pages of a context complain of. The browser's own line about a request that failed is not the page's to
 * prevent.
 */
export function complaintsOf(context: BrowserContext): string[] {
  const complaints: string[] = [];
  const note = (message: ConsoleMessage) => {
    if (!/^Failed to load resource:/.test(message.text())) complaints.push(message.text());
  };
  context.on('console', note);
  context.on('weberror', (error) => complaints.push(error.error().message));
  return complaints;
}
