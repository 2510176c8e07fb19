/** What pieces of code in the documents say of the program around them, and packages that this project does without. */
export const surroundings = `
import type { SessionController } from 'marketplace-session/controller';
import type { Marketplace } from 'marketplace-session/sdk';
import type { openDatabase } from 'marketplace-session/service';

declare global {
  // In a page.
  const MarketplaceSDK: typeof import('marketplace-session/compat');
  const element: HTMLElementTagNameMap['marketplace-session'];
  const preflight: HTMLElementTagNameMap['marketplace-session-preflight'];
  const controller: SessionController;
  const button: HTMLButtonElement;
  const input: HTMLInputElement;
  const video: HTMLVideoElement;
  const apiEndpoint: string;
  const username: string;
  const credential: string;
  function join(devices: object): void;
  function show(...shown: unknown[]): void;

  // On a server.
  const app: { post(path: string, ...handlers: ((request: any, response: any) => unknown)[]): void };
  function requireSignedIn(request: unknown, response: unknown): void;
  const marketplace: Marketplace;
  const database: Awaited<ReturnType<typeof openDatabase>>;
  const publicUrl: string;
  const operatorKey: string;
  const request: Request;
  const signal: AbortSignal;
  const error: unknown;
  const id: string;
  const userId: string;
  const applicationId: string;
  const categoryId: string;
  const description: string;
  const roomId: string;
  const joinUrl: string;
  const bytes: ArrayBuffer;
  const order: { id: string };
  const user: { id: string };
  const session: { id: string; created_at: number };
  function readLogin(request: Request): Promise<{ id: string } | null>;
  function isClean(content: ReadableStream, size: number): Promise<boolean>;
  function redirect(url: string | null | undefined): void;
  function notify(at: Date | null): void;
  function showNewPrice(): void;
  function tellThatNobodyIsFree(typicalWaitSeconds: number | null): void;
  function billOnce(webhookId: string, ...more: unknown[]): void;
  function bill(sessionId: string, tokens: number): Promise<void>;
}
`;

export const foreignModules = `
declare module 'vitest';
declare module '@playwright/test' {
  type Body<Given> = (given: Given & { page: any }) => Promise<void>;
  export const test: { extend<Given>(fixtures: object): (name: string, body: Body<Given>) => void };
  export const expect: (value: unknown) => any;
}
`;
