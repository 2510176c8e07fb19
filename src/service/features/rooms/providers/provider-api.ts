/** How long one answer may take, ms. */
const answerWithinMs = 4_000;
/** The longest answer that is read, bytes. */
const maxAnswerBytes = 65_536;

/** What a provider of rooms has answered, or not. It holds no credential, and nothing of what was sent. */
export class RoomProviderError extends Error {
  /** Of HTTP; undefined where there was no answer. */
  readonly status: number | undefined;

  constructor(message: string, status?: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RoomProviderError';
    this.status = status;
  }
}

/** An answer of a provider, whatever its status is. */
export interface ProviderAnswer {
  status: number;
  /** Empty where it is no JSON object. */
  body: Record<string, unknown>;
}

export interface ProviderRequest {
  method: string;
  /** Of the header `Authorization`, as a bearer token. */
  token: string;
  body?: object;
}

/**
 * Asks the API of a provider once.
 * @param what what it is asked for, in errors.
 * @throws {RoomProviderError} where no answer comes in time, or a server of it has failed.
 */
export async function askApi(
  what: string,
  url: string,
  { method, token, body }: ProviderRequest,
): Promise<ProviderAnswer> {
  let status: number | undefined;
  let text: string;
  try {
    const response = await fetch(url, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithinMs),
    });
    status = response.status;
    text = await readText(response);
  } catch (cause) {
    throw new RoomProviderError(`${what}: no answer`, status, { cause });
  }
  if (status >= 500 || status === 429) throw new RoomProviderError(`${what}: answered ${status}`, status);
  return { status, body: toObject(text) };
}

/** @throws {RoomProviderError} where the answer is a refusal. */
export function requireOk(what: string, { status, body }: ProviderAnswer): Record<string, unknown> {
  if (status < 200 || status > 299) throw new RoomProviderError(`${what}: refused with ${status}`, status);
  return body;
}

/** @throws {RoomProviderError} where that member of an answer is no text. */
export function requireText(what: string, { [what]: text }: Record<string, unknown>): string {
  if (typeof text !== 'string' || text === '' || text.length > 4096)
    throw new RoomProviderError(`the answer has no ${what}`);
  return text;
}

async function readText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const bytes of body ?? []) {
    length += bytes.length;
    if (length > maxAnswerBytes) throw new RangeError(`an answer of more than ${maxAnswerBytes} bytes`);
    text += decoder.decode(bytes, { stream: true });
  }
  return text;
}

function toObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
