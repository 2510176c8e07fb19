/** Who can pause a session: the customer from the page, the provider or the marketplace from a server. */
export const pausers = ['customer', 'provider', 'marketplace'] as const;
export type Pauser = (typeof pausers)[number];

/** Who has paused a session; null where nobody has, or where a backend does not tell, or tells something else. */
export const pauserOf = ({ paused_by }: { paused_by?: Pauser | null | undefined }): Pauser | null =>
  pausers.find((pauser) => pauser === paused_by) ?? null;
