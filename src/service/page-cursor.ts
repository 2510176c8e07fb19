/** The last row of a page, newest first: the next page begins after it. */
export interface PageCursor {
  /** Milliseconds since the epoch. */
  createdAt: number;
  id: string;
}
