/** A page of the application that the fixtures register. */
export const pageOrigin = 'https://app.example';

/** A request as it stands on the wire, from a page, with a session token, and a proof where its session is bound. */
export function requestText(
  method: string,
  path: string,
  sessionToken: string,
  body?: object,
  proof?: string,
): string {
  const text = body ? JSON.stringify(body) : '';
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: session.test',
    `Origin: ${pageOrigin}`,
    `Authorization: ${proof ? 'DPoP' : 'Bearer'} ${sessionToken}`,
    ...(proof ? [`DPoP: ${proof}`] : []),
    ...(body ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`] : []),
  ];
  return `${head.join('\r\n')}\r\n\r\n${text}`;
}
