import { parseJson } from '../../../controller/network/parse-json.js';
import type { HelpCategory } from '../../../protocol/help-request.js';

const isCategory = (value: unknown): value is HelpCategory => {
  const { id, name, tokens, amount, currency, duration_seconds } = (value ?? {}) as Record<string, unknown>;
  const areTexts = typeof id === 'string' && typeof name === 'string';
  const hasPrice = Number.isFinite(tokens) || (Number.isFinite(amount) && typeof currency === 'string');
  return areTexts && hasPrice && Number.isFinite(duration_seconds);
};

/** Categories, as an array or its JSON: undefined where none are set, null where they are of another shape. */
export function readCategories(value: unknown): readonly HelpCategory[] | null | undefined {
  if (value == null || value === false) return undefined;
  const list = typeof value === 'string' ? parseJson(value) : value;
  return Array.isArray(list) && list.every(isCategory) ? list : null;
}
