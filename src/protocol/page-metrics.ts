/** What a page counted since its last report, and sends with a heartbeat. Numbers by name: no text, address or person. */
export interface PageReport {
  /** The sender: one tab, from its load on. A random name, `[A-Za-z0-9_-]{8,40}`. */
  page: string;
  /** From 1 on, by sender. A report that comes twice counts once. */
  sequence: number;
  /** At most `maxPageCounts`; each is added to what its name had before. */
  counts: Record<string, number>;
}

/** Names of one report. */
export const maxPageCounts = 50;
/** The largest amount that one report may add or take away. */
export const maxPageAmount = 1e9;

/**
 * Words with dots between them: what is counted, then how it is told apart, such as `errors.NETWORK_FAILED`. What a page
 * counts by itself begins with `custom.`.
 */
export const pageMetricName = /^[a-z]\w{0,39}(\.[\w-]{1,40}){0,3}$/;
