/**
 * Whether JSON has an object with the same member twice, of which parsers keep one in silence, or a member `__proto__`.
 * @param text well-formed JSON
 * @param maxDepth how many levels it may nest; one that nests deeper counts as well
 */
export function repeatsMember(text: string, maxDepth = Infinity): boolean {
  const levels: Set<string>[] = [];
  for (const [, string, colon, bracket] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*(:?)|([{}[\]])/g)) {
    if (bracket === '{' || bracket === '[') {
      if (levels.push(new Set()) > maxDepth) return true;
    } else if (bracket) {
      levels.pop();
    } else if (colon) {
      const name = JSON.parse(string!) as string;
      const names = levels.at(-1)!;
      if (names.has(name) || name === '__proto__') return true;
      names.add(name);
    }
  }
  return false;
}
