declare module '*/tools/browser.mjs' {
  /** Flags for a quiet browser that needs no network. */
  export const browserFlags: string[];
  /** The path of a Chromium. */
  export function findBrowser(): Promise<string>;
}
