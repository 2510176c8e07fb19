import { expect } from '@open-wc/testing';
import type { SessionEventType } from '../../src/controller/events.js';
import { consoleLogger } from '../../src/controller/logger.js';
import type { SessionControllerOptions } from '../../src/controller/options.js';
import { SessionController } from '../../src/controller/session-controller.js';
import type { SessionSnapshot } from '../../src/controller/snapshot.js';
import { SessionError } from '../../src/protocol/errors.js';
import { makeToken } from '../protocol/tokens.js';
import { endpoint, FakeWorld, settled } from './fake-world.js';
// Late parts arrive at once, so that no test waits for the network.
import '../../src/controller/late-parts.js';
import '../../src/controller/token/session-token-request.js';
import '../../src/controller/token/verification.js';

export const eventTypes = [
  ...([
    'tick',
    'ready',
    'empty',
    'statechange',
    'start',
    'warning',
    'extend-request',
    'checkout',
    'extend',
    'pause',
    'resume',
  ] as const),
  ...(['connection', 'end-request', 'complete', 'end', 'redirect', 'error'] as const),
] satisfies SessionEventType[];

export const token = makeToken();

/** An event as it was told: its type, and the fields that stand on it. */
export interface Told {
  type: SessionEventType;
  fields: Record<string, unknown>;
}

export interface SetUp {
  world: FakeWorld;
  controller: SessionController;
  /** Every event, in order. */
  events: Told[];
  /** Every line of the log. */
  lines: string[];
  snapshots: SessionSnapshot[];
  /** Fields of the events of one type. */
  told(type: SessionEventType): Record<string, unknown>[];
}

/** Text that was shown to anybody outside: log lines, events, errors. */
let shown: string[] = [];
let controllers: SessionController[] = [];

/** A controller in a world of its own, listened to from the beginning. */
export function setUp(options: Partial<SessionControllerOptions> = {}, world = new FakeWorld()): SetUp {
  const lines: string[] = [];
  const events: Told[] = [];
  const snapshots: SessionSnapshot[] = [];
  const logger = (level: string, line: string) => {
    lines.push(`${level} ${line}`);
    shown.push(line);
  };
  // Options may be changed later, as an element's attributes are.
  const controller = new SessionController({ apiEndpoint: endpoint, logger, ...options }, world);
  for (const type of eventTypes) {
    controller.addEventListener(type, (event) => {
      const fields = { ...event } as unknown as Record<string, unknown>;
      delete fields.isTrusted;
      delete fields.response;
      events.push({ type, fields });
      shown.push(...textsOf(fields));
    });
  }
  controller.subscribe((after) => {
    snapshots.push(after);
    Object.freeze(after);
    Object.freeze(after.session);
  });
  controllers.push(controller);
  const told = (type: SessionEventType) =>
    events.filter((event) => event.type === type).map(({ fields }) => fields);
  return { world, controller, events, lines, snapshots, told };
}

/** As `setUp`, with a session that runs. */
export async function setUpRunning(
  options: Partial<SessionControllerOptions> = {},
  prepare: (world: FakeWorld) => void = () => {},
): Promise<SetUp> {
  const world = new FakeWorld();
  prepare(world);
  const setup = setUp({ sessionToken: token, ...options }, world);
  await setup.controller.start();
  await settled();
  return setup;
}

/** The code with which a promise is rejected; undefined where it is fulfilled. */
export async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return error.code;
  }
}

function textsOf(value: unknown): string[] {
  if (value instanceof Error) {
    return [value.message, value.stack ?? '', ...textsOf({ ...value }), ...textsOf(value.cause)];
  }
  if (typeof value === 'object' && value) return Object.values(value).flatMap(textsOf);
  return [String(value)];
}

/** To be called after each test: no line, event or error held a token, and nothing is left in localStorage. */
export function checkAndCleanUp(): void {
  const texts = shown;
  shown = [];
  for (const controller of controllers) controller.destroy();
  controllers = [];
  // A token of three parts, each long; the log's own rule is not asked.
  const looksLikeToken = /eyJ[\w-]{8,}|[\w-]{16,}\.[\w-]{16,}\.[\w-]{16,}/;
  for (const text of texts) expect(text).not.to.match(looksLikeToken);
  expect(localStorage.length).to.equal(0);
}

export { consoleLogger };
