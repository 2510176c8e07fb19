/**
 * What `GET /providers/{id}/events` says. It has no ids and replays nothing: each beginning is a snapshot, upon which a reader
 * reads anew what it shows.
 */
export type DashboardFrame = {
  provider_id: string;
  /** Milliseconds since the epoch. */
  server_time: number;
} & ({ type: 'figures.snapshot' } | ({ type: 'figures.changed' } & DashboardNews));

/** What of a provider's has changed: sessions and their money, help requests, exceptions, webhook endpoints. */
export interface DashboardNews {
  /** Those to which something happened. */
  session_ids: string[];
  help_request_ids: string[];
  /** Whether these are all; there is a most that one frame names, and news may be lost. */
  is_complete: boolean;
}
