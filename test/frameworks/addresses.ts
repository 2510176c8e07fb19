/** What a page that a server has rendered is told. */
export interface Addresses {
  apiEndpoint: string;
  /** Answers the session token of the element. */
  tokenUrl: string;
  /** That of the session without an element. */
  hookToken: string;
}
