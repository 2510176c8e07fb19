// The project's documents as they are written: pieces of code, headings, links.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Snippet {
  /** Where it begins, `docs/sdk.md:12`. */
  place: string;
  /** The file that it stands in. */
  path: string;
  /** What stands behind the backticks, first word; empty for what is no code. */
  language: string;
  /** Further words behind the backticks. */
  flags: string[];
  code: string;
}

const namesIn = (folder: string) =>
  readdirSync(folder).map((name) => (folder === '.' ? name : `${folder}/${name}`));

/** Every document that somebody reads, as a path below the project's folder. */
export function documents(): string[] {
  const examples = namesIn('examples').map((folder) => `${folder}/README.md`);
  const folders = ['.', 'docs', 'docs/decisions', '.github'];
  return [...folders.flatMap(namesIn).filter((path) => path.endsWith('.md')), ...examples.filter(existsSync)];
}

const fence = /^( *)(?<ticks>```+)([^\n`]*)\n([\s\S]*?)^\1\k<ticks>$/gm;

/** The pieces of code of a document, in their order; those of a list without its indentation. */
export function snippetsOf(path: string): Snippet[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(fence)].map((match) => {
    const [, indent, , info, code] = match;
    const [language = '', ...flags] = info!.trim().split(/\s+/);
    const line = text.slice(0, match.index).split('\n').length;
    return {
      place: `${path}:${line}`,
      path,
      language,
      flags,
      code: code!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    };
  });
}

/** The prose of a document, without its pieces of code. */
const proseOf = (path: string) => readFileSync(path, 'utf8').replaceAll(fence, '');

/** The anchor of a heading as GitHub makes it; the site makes the same. */
export const slugOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

/** The anchors of a document; a heading that comes again has a number behind it. */
export function anchorsOf(path: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = proseOf(path).matchAll(/^#{1,6} (.+)$/gm);
  return new Set(
    [...headings].map(([, heading]) => {
      const text = heading!.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
      const slug = slugOf(text.trim());
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      return times ? `${slug}-${times}` : slug;
    }),
  );
}

export interface Link {
  /** The file that it leads to, as a path below the project's folder. */
  target: string;
  anchor: string | undefined;
}

/** Where a document leads within the project; not what is said in code. */
export function linksOf(path: string): Link[] {
  const prose = proseOf(path).replaceAll(/`[^`\n]*`/g, '``');
  const written = [
    ...prose.matchAll(/\]\(([^)\s]+)\)/g),
    ...prose.matchAll(/(?:src|srcset|href)="([^"]+)"/g),
  ];
  return written
    .map(([, address]) => address!)
    .filter((address) => !/^\w+:/.test(address))
    .map((address) => {
      const [file, anchor] = address.split('#');
      const target = file ? join(path, '..', file).replaceAll('\\', '/') : path;
      return { target, anchor: anchor || undefined };
    });
}
