/** What an event is about, which is what its readers follow. Events without any other subject are the marketplace's. */
export type Subject = 'marketplace' | `${SubjectKind}:${string}`;

type SubjectKind = 'session' | 'request' | 'helper' | 'provider' | 'customer';

/** The id in a subject of that kind; undefined where it is of another one. */
export const idIn = (kind: SubjectKind, subject: string): string | undefined =>
  subject.startsWith(`${kind}:`) ? subject.slice(kind.length + 1) : undefined;

/** Whose events a provider's dashboard follows; those of no provider are the marketplace's. */
export const subjectOfOwner = (providerId: string | null): Subject =>
  providerId === null ? 'marketplace' : `provider:${providerId}`;
