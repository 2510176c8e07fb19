import type { SharedPage } from '../session-elements.js';

const told = new WeakSet<SharedPage>();

/** Tells whoever writes the page, once, that the copies of the package in it are of different versions. */
export function tellVersions(page: SharedPage | undefined): void {
  if (!page || page.versions.size < 2 || told.has(page)) return;
  told.add(page);
  console.warn(
    `marketplace-session ${[...page.versions].join(' and ')} share this page, and may not fit: let its applications use one version.`,
  );
}
