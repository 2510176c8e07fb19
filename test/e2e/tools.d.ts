declare module '*/tools/browser.mjs' {
  /** Flags for a quiet browser that needs no network. */
  export const browserFlags: string[];
  /** A made-up camera and microphone, allowed without a question. */
  export const fakeDeviceFlags: string[];
  /** The path of a Chromium. */
  export function findBrowser(): Promise<string>;
}
declare module '*/tools/script-tag-files.mjs' {
  /** Builds what the script tag loads, where it is missing or older than what it is made of. */
  export function ensureScriptTagFiles(onBuild?: () => void): void;
}
declare module '*/tools/cached-packages.mjs' {
  /** Installs packages into a folder of node_modules/.cache, where they are not there already. */
  export function installCached(
    name: string,
    versions: Readonly<Record<string, string>>,
  ): { folder: string; isNew: boolean };
}
