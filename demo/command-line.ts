import { SessionError } from '../src/protocol/errors.js';
import type { DemoPorts } from './demo.js';

/**
 * The ports from `PORT`, `PROVIDER_PORT` and `OWN_PAGE_PORT`.
 * @throws {TypeError} where one is no port.
 */
export function readPorts(environment: NodeJS.ProcessEnv): DemoPorts {
  return {
    marketplace: readPort('PORT', environment.PORT ?? '4400'),
    provider: readPort('PROVIDER_PORT', environment.PROVIDER_PORT ?? '4401'),
    ownPage: readPort('OWN_PAGE_PORT', environment.OWN_PAGE_PORT ?? '8000'),
  };
}

function readPort(name: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new TypeError(`${name}=${text} is no port: 0 to 65535.`);
  return port;
}

/** What to tell the person at the terminal: what happened, and what to do. */
export function explainStartFailure(error: unknown): string {
  const { code, port, message, stack } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken. Stop what listens there, or choose others: PORT=5400 PROVIDER_PORT=5401 npm start (beside a demo that runs, DATA_DIR=.data/second too)`;
  }
  if (code === 'EACCES' && port)
    return `Port ${port} may not be used. Choose one from 1024 on: PORT=5400 npm start`;
  if (error instanceof SessionError && error.code === 'STORAGE_LOCKED') {
    return `The demo runs already: ${message} Stop it first, or start a second one beside it: DATA_DIR=.data/second PORT=5400 PROVIDER_PORT=5401 npm start`;
  }
  return error instanceof TypeError ? message : (stack ?? message);
}
