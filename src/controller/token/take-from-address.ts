import { takeParameter } from '../../protocol/take-parameter.js';
import type { World } from '../world.js';

/**
 * Takes the session token out of the page's address: neither history nor Referer nor analytics sees it afterwards.
 * The rest of the address stays as it was written.
 * @returns every token that the address held; more than one is a mistake of whoever wrote it.
 */
export function takeTokensFromAddress(world: World, param: string): string[] {
  const { rest, values } = takeParameter(world.address, (name) => name === param);
  try {
    if (values.length) world.replaceAddress(rest);
  } catch {
    // A page may refuse it: it is tried again as long as the session runs.
  }
  return values;
}
