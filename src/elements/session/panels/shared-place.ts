import type { MarketplaceSessionElement } from '../marketplace-session.js';
import type { PanelsHost } from '../panels-host.js';

const told = new WeakSet<Element>();

/** Where a tag keeps its session token for a reload. */
const placeOf = (element: Element): string => {
  const { apiEndpoint, applicationId, id, tokenParam } = element as MarketplaceSessionElement;
  return JSON.stringify([apiEndpoint, applicationId ?? '', id || (tokenParam ?? '')]);
};

/** Tells whoever writes the page, once, that tags of different sessions would take each other's session token in a reload. */
export function tellSharedPlace(host: PanelsHost): void {
  const { session } = host.controller;
  if (!session || !host.isConnected || told.has(host)) return;
  const others = [...(host.page?.elements ?? [])].filter(
    (other) =>
      placeOf(other) === placeOf(host) && ![undefined, session.id].includes(other.controller.session?.id),
  );
  if (!others.length) return;
  for (const tag of [host, ...others]) told.add(tag);
  console.warn(
    `<${host.localName}> stands here for several sessions: after a reload all show one of them. Give each tag an id or a token-param of its own.`,
  );
}
