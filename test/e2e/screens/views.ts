import type { Page } from 'playwright-core';

/** A way to look at a page. */
interface View {
  media?: Parameters<Page['emulateMedia']>[0];
  size?: { width: number; height: number };
  /** The page's own direction. */
  dir?: 'rtl';
}

const usual = { width: 720, height: 560 };

/** Each way in which every state is looked at. */
export const views: Record<string, View> = {
  light: {},
  dark: { media: { colorScheme: 'dark' } },
  'forced colours': { media: { forcedColors: 'active' } },
  'right to left': { dir: 'rtl' },
  'narrow, 320 px': { size: { width: 320, height: 640 } },
  // 1280 by 1024 magnified four times leaves that many pixels of CSS (WCAG 1.4.10).
  '400 % zoom': { size: { width: 320, height: 256 } },
};

/** Looks at a page in that way. */
export async function lookAt(page: Page, { media, size = usual, dir }: View): Promise<Buffer> {
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', ...media });
  await page.setViewportSize(size);
  await page.evaluate((direction) => (document.documentElement.dir = direction), dir ?? 'ltr');
  return page.screenshot({ animations: 'disabled' });
}
