// What thousands of pages do to a service that was gone: the real controller in virtual time, without a browser.
import {
  simulateOutage,
  startEagerClient,
  startSession,
  type OutageReport,
} from '../../simulation/outage.js';
import type { Benchmark, Row } from '../harness/measurement.js';

/** The long one with fewer clients, for the time it takes; the figures are to what is usual for as many. */
const outages = [
  { clients: 10_000, lengthSeconds: 120 },
  { clients: 2000, lengthSeconds: 1200 },
];
/** Those who retry each second do the same in any outage. */
const eagerOutage = { clients: 2000, lengthSeconds: 120 };
const seed = 20;
/** Every page asks once in its usual interval and opens its stream again in that time: twice the usual. */
const target = 2.5;

export const outage: Benchmark = {
  name: 'outage',
  async measure({ note, sized }) {
    const eager = await simulateOutage(
      { ...eagerOutage, clients: sized(eagerOutage.clients), seed },
      startEagerClient,
    );
    const rows: Row[] = [];
    for (const { clients, lengthSeconds } of outages) {
      const minutes = lengthSeconds / 60;
      note(`${clients} clients, the service gone for ${minutes} min`);
      const ours = await simulateOutage({ clients: sized(clients), lengthSeconds, seed }, startSession);
      rows.push(...rowsOf(`outage of ${minutes} min`, ours, eager));
    }
    const retrying = { value: eager.peakAfter / eager.usual, unit: '×', target: null };
    return [...rows, { name: 'outage: worst second after it, retrying each second', ...retrying }];
  },
};

function rowsOf(name: string, ours: OutageReport, eager: OutageReport): Row[] {
  const toUsual = (report: OutageReport, figure: Exclude<keyof OutageReport, 'lastBackSeconds'>) =>
    report[figure] / report.usual;
  const times = { unit: '×', target: null };
  const pair = (what: string, figure: Exclude<keyof OutageReport, 'lastBackSeconds'>): Row => ({
    name: `${name}: ${what}`,
    value: toUsual(ours, figure),
    peer: toUsual(eager, figure),
    ...times,
  });
  return [
    { ...pair('worst second after it, to the usual', 'peakAfter'), target },
    pair('average second of it, to the usual', 'meanDuring'),
    pair('worst second of it, to the usual', 'peakDuring'),
    { name: `${name}: usual requests a second`, value: ours.usual, unit: '/s', target: null },
    { name: `${name}: the last page is back after`, value: ours.lastBackSeconds, unit: 's', target: null },
  ];
}
