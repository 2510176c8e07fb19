import type { BrowserContext, Request } from 'playwright-core';

export interface SeenRequest {
  url: string;
  isDocument: boolean;
  referer: string;
  /** The page's address when the request left. */
  pageUrl: string;
  /** Address, headers and body. */
  everything: string;
}

export interface Observation {
  requests: SeenRequest[];
  consoleLines: string[];
  /** The tokens that documents were opened with. */
  sessionTokens(): string[];
}

/** Writes down what leaves the pages of a browser profile, and what stands in their consoles. */
export function observe(context: BrowserContext): Observation {
  const requests: SeenRequest[] = [];
  const consoleLines: string[] = [];
  context.on('console', (message) => consoleLines.push(message.text()));
  context.on('request', (request) => requests.push(seen(request)));
  return {
    requests,
    consoleLines,
    sessionTokens: () =>
      requests
        .filter(({ isDocument }) => isDocument)
        .flatMap(({ url }) => new URL(url).searchParams.getAll('session')),
  };
}

function seen(request: Request): SeenRequest {
  const headers = request.headers();
  const isDocument = request.isNavigationRequest();
  return {
    url: request.url(),
    isDocument,
    referer: headers['referer'] ?? '',
    pageUrl: isDocument ? '' : request.frame().url(),
    everything: [request.url(), JSON.stringify(headers), request.postData() ?? ''].join('\n'),
  };
}
