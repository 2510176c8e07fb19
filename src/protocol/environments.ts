/** The two worlds that are never counted or listed together: what customers buy, and tests. */
export const environments = ['live', 'test'] as const;

export type Environment = (typeof environments)[number];
