import type { DeskFrame, DeskHelper, DeskRequest } from '../help-request.js';

/** A helper's desk as it stands. */
export interface Desk {
  helper: DeskHelper;
  unread_count: number;
  requests: readonly DeskRequest[];
}

/** What a desk was told last: of each request that it shows, and of the helper. */
export interface ToldOfDesk {
  requests: ReadonlyMap<string, string>;
  helper: string;
}

const stateOf = ({ version, offer }: DeskRequest) => `${version} ${offer}`;

/** Whether a desk goes on showing it: others are told of once more, as they went. */
const isShown = ({ status, offer, outcome }: DeskRequest) =>
  (status === 'open' && offer === 'offered') ||
  (offer === 'accepted' &&
    (status === 'claimed' || status === 'in_progress' || (status === 'completed' && outcome === null)));

/** What a desk is to be told: all of it first, and then what has become another, each time as it stands. */
export function deskNews(
  { helper, unread_count, requests }: Desk,
  before: ToldOfDesk | undefined,
  server_time: number,
): { frames: DeskFrame[]; told: ToldOfDesk } {
  const common = { unread_count, server_time };
  const ofHelper = JSON.stringify([helper, unread_count]);
  const frames: DeskFrame[] = before
    ? requests
        .filter((request) => before.requests.get(request.id) !== stateOf(request))
        .map((request) => ({ type: 'help_request.changed', request, ...common }))
    : [{ type: 'desk.snapshot', helper, requests: [...requests], ...common }];
  if (before && ofHelper !== before.helper) frames.push({ type: 'desk.changed', helper, ...common });
  const shown = requests.filter(isShown).map((request) => [request.id, stateOf(request)] as const);
  return { frames, told: { requests: new Map(shown), helper: ofHelper } };
}
