import type { Marketplace } from '../../src/sdk/index.js';
import { answeringHelper, helpCategories, helper } from './help-catalogue.js';

/** Puts the provider's helpers and what can be asked for into the service; once more brings prices up to date. */
export async function seedHelp(provider: Marketplace): Promise<void> {
  const knownHelpers = new Set<string>();
  for await (const { id } of provider.helpers.list()) knownHelpers.add(id);
  for (const one of [helper, answeringHelper]) {
    if (!knownHelpers.has(one.id)) await provider.helpers.create({ ...one, maxConcurrent: 1 });
  }

  const known = new Set<string>();
  for await (const { id } of provider.helpCategories.list()) known.add(id);
  for (const { id, ...fields } of helpCategories) {
    if (known.has(id)) await provider.helpCategories.update(id, fields);
    else await provider.helpCategories.create({ id, ...fields });
  }
}
