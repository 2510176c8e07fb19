/** An app as the marketplace sells it. */
export interface CatalogueEntry {
  /** The id of its application in the session service. */
  id: string;
  name: string;
  tagline: string;
  description: string;
  /** What the developer can look at there. */
  shows: string;
  tokensPerMinute: number;
  extensions: readonly { minutes: number; tokens: number }[];
  /** The longest pause, seconds; 0 where the app cannot be paused. */
  maxPauseSeconds: number;
  /** Where it is opened; by default the page of that name on the provider's site. */
  launchUrl?: string;
  /** Sold with somebody to talk to, and not by itself. */
  isForHelp?: true;
}

/** Lengths on sale, minutes. */
export const lengthsMinutes = [1, 15, 30, 60] as const;

/** The longest that a session can be extended to, minutes. */
export const maxDurationMinutes = 240;

/** @param ownPagePort where the developer serves a page with the tag in it. */
export const catalogueFor = (ownPagePort: number): readonly CatalogueEntry[] => [
  {
    id: 'margin',
    name: 'Margin',
    tagline: 'A quiet room to write in',
    description:
      'One page, no menus, and a word goal in the corner of your eye. Your draft is kept in this browser.',
    shows: 'The tag as it comes: attributes, and not a line of script',
    tokensPerMinute: 4,
    extensions: [
      { minutes: 15, tokens: 55 },
      { minutes: 30, tokens: 100 },
      { minutes: 60, tokens: 180 },
    ],
    maxPauseSeconds: 0,
  },
  {
    id: 'sketch',
    name: 'Sketch',
    tagline: 'A whiteboard for one idea',
    description:
      'Four pens and a board that stays out of the way. Whatever you draw is saved before the session closes.',
    shows: 'Its own warning and goodbye, and the tag in the app’s own colours',
    tokensPerMinute: 6,
    extensions: [
      { minutes: 15, tokens: 80 },
      { minutes: 30, tokens: 150 },
    ],
    maxPauseSeconds: 0,
  },
  {
    id: 'pulse',
    name: 'Pulse',
    tagline: 'The session, seen from inside',
    description:
      'Every event that the tag sends to its page, as it happens, with the buttons to cause some. For the curious.',
    shows: 'Events, the snapshot, commands, pause, and the signature checked in the page',
    tokensPerMinute: 2,
    extensions: [
      { minutes: 15, tokens: 25 },
      { minutes: 30, tokens: 45 },
      { minutes: 60, tokens: 80 },
    ],
    maxPauseSeconds: 300,
  },
  {
    id: 'handy',
    name: 'Handy',
    tagline: 'Somebody who knows how',
    description: 'A call and messages with somebody who can help.',
    shows: 'Live help: a room and a chat beside the tag',
    tokensPerMinute: 2,
    extensions: [
      { minutes: 5, tokens: 10 },
      { minutes: 15, tokens: 28 },
    ],
    maxPauseSeconds: 0,
    isForHelp: true,
  },
  {
    id: 'your-page',
    name: 'Your own page',
    tagline: `Whatever you serve on port ${ownPagePort}`,
    description: `Put the tag into a page of yours, serve it at localhost:${ownPagePort}, and come in through here like a customer.`,
    shows: 'The five minutes of the README',
    tokensPerMinute: 1,
    extensions: [
      { minutes: 15, tokens: 12 },
      { minutes: 30, tokens: 22 },
      { minutes: 60, tokens: 40 },
    ],
    maxPauseSeconds: 300,
    launchUrl: `http://localhost:${ownPagePort}/`,
  },
];

/** Where an app is opened with its session token. */
export const launchUrlOf = (entry: CatalogueEntry, providerUrl: string) =>
  entry.launchUrl ?? `${providerUrl}/${entry.id}/`;
