/** How good a call is. */
export type CallQuality = 'good' | 'weak' | 'poor';

/** What was seen of a connection since the last look. */
export interface CallSample {
  /** Of all packets that were sent either way, from 0 to 1. */
  lossRatio: number;
  /** Undefined where nothing has come back yet. */
  roundTripMs: number | undefined;
}

/** Beyond one of these it is weak, or poor: sound breaks up at about a tenth lost, and people talk over each other at 0.6 s. */
const limits = [
  { quality: 'poor', lossRatio: 0.1, roundTripMs: 600 },
  { quality: 'weak', lossRatio: 0.04, roundTripMs: 300 },
] as const;

export const qualityOf = ({ lossRatio, roundTripMs = 0 }: CallSample): CallQuality =>
  limits.find((limit) => lossRatio > limit.lossRatio || roundTripMs > limit.roundTripMs)?.quality ?? 'good';

interface Report {
  type: string;
  packetsLost?: number;
  packetsReceived?: number;
  fractionLost?: number;
  currentRoundTripTime?: number;
  nominated?: boolean;
  state?: string;
}

/** Makes samples of the statistics of one connection (Identifiers for WebRTC's Statistics API). */
export class CallStatistics {
  #lost = 0;
  #received = 0;

  sample(reports: Iterable<unknown>): CallSample {
    let [lost, received, lostThere] = [0, 0, 0];
    let roundTripMs: number | undefined;
    for (const report of reports as Iterable<Report>) {
      if (report.type === 'inbound-rtp') {
        lost += report.packetsLost ?? 0;
        received += report.packetsReceived ?? 0;
      }
      if (report.type === 'remote-inbound-rtp') lostThere = Math.max(lostThere, report.fractionLost ?? 0);
      if (report.type === 'candidate-pair' && report.nominated && report.state === 'succeeded')
        roundTripMs = (report.currentRoundTripTime ?? 0) * 1000;
    }
    // Packets that come late take back that they were lost.
    const newlyLost = Math.max(0, lost - this.#lost);
    const sent = newlyLost + Math.max(0, received - this.#received);
    [this.#lost, this.#received] = [lost, received];
    return { lossRatio: Math.max(sent && newlyLost / sent, lostThere), roundTripMs };
  }
}
