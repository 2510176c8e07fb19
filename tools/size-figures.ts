// Sizes as they were measured last, so that each run says by how much they have changed.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const path = 'tools/sizes.json';

/** Bytes by name, as they are on `main`; none where there is no such branch here. */
export function sizesOfMain(): Record<string, number> {
  for (const branch of ['origin/main', 'main']) {
    try {
      const text = execFileSync('git', ['show', `${branch}:${path}`], { encoding: 'utf8', stdio: 'pipe' });
      return JSON.parse(text) as Record<string, number>;
    } catch {
      // The next one may be there.
    }
  }
  return {};
}

/** Writes them down, for the comparison of whoever changes something next. */
export function keepSizes(sizes: Record<string, number>): void {
  writeFileSync(path, `${JSON.stringify(sizes, null, 2)}\n`);
}
