import type { Benchmark } from './harness/measurement.js';
import { boundRequests } from './rows/bound-requests.js';
import { dashboardRequests } from './rows/dashboard-requests.js';
import { endWithFigures } from './rows/end-with-figures.js';
import { entrySizes } from './rows/entry-sizes.js';
import { eventStreams } from './rows/event-streams.js';
import { failover } from './rows/failover.js';
import { heap } from './rows/heap.js';
import { heartbeats } from './rows/heartbeats.js';
import { helpDispatch } from './rows/help-dispatch.js';
import { outage } from './rows/outage.js';
import { paidExtension } from './rows/paid-extension.js';
import { sameMinute } from './rows/same-minute.js';
import { scriptBytes } from './rows/script-bytes.js';
import { sdkCalls } from './rows/sdk-calls.js';
import { serviceRequests } from './rows/service-requests.js';
import { sessionSpace } from './rows/session-space.js';
import { shownSecond } from './rows/shown-second.js';
import { start } from './rows/start.js';
import { tabs } from './rows/tabs.js';
import { tickWork } from './rows/tick-work.js';

/** All that `npm run bench` measures, in the order of the table. A new row is a file in `rows/` and a line here. */
export const benchmarks: readonly Benchmark[] = [
  scriptBytes,
  entrySizes,
  tickWork,
  shownSecond,
  start,
  tabs,
  failover,
  heartbeats,
  heap,
  outage,
  sameMinute,
  serviceRequests,
  boundRequests,
  eventStreams,
  sessionSpace,
  paidExtension,
  dashboardRequests,
  endWithFigures,
  helpDispatch,
  sdkCalls,
];
