import type { InitReport } from './init-command.js';

const list = (title: string, lines: readonly string[]): string[] =>
  lines.length ? ['', title, ...lines.map((line) => `  ${line}`)] : [];

/** For a person at a terminal, readable without colours. It holds no secret. */
export const linesOf = ({ written, kept, due, later, commands, snippet }: InitReport): string[] => [
  ...list('Written', written),
  ...(written.includes('.env')
    ? ['', '.env holds the secret key. git ignores it; keep it on this machine.']
    : []),
  ...list('Kept as it was', kept),
  ...(snippet ? list(`Put this into ${snippet.file}`, snippet.code.split('\n')) : []),
  ...list('Due now', due),
  ...list('Next, each in a terminal of its own', commands),
  ...list('Before customers come', later),
];
