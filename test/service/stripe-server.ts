import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with a request: before Stripe does anything, or after, when only the answer is lost. */
export type Failure = 500 | 429 | 409 | 400 | 401 | 'reset' | 'hang' | 'lost answer';

interface StripeRequest {
  path: string;
  parameters: Record<string, string>;
  idempotencyKey: string;
}

type JsonObject = Record<string, unknown>;

/** A payment that is held until somebody takes it. */
export interface HeldIntent extends JsonObject {
  id: string;
  status: 'requires_capture' | 'succeeded' | 'canceled';
  amount: number;
  amount_capturable: number;
  amount_received: number;
  currency: string;
  metadata: Record<string, string>;
}

/**
 * Speaks the part of Stripe's API that the service calls: Checkout Sessions, payments that are held, and refunds, in the shapes of
 * the published fixtures, with idempotency keys as Stripe keeps them. It fails when it is told to.
 */
export class StripeServer {
  readonly requests: StripeRequest[] = [];
  readonly checkouts: JsonObject[] = [];
  readonly refunds: JsonObject[] = [];
  readonly intents = new Map<string, HeldIntent>();
  /** When banks let go of what is held from now on, seconds since the epoch. */
  captureBefore = 4_000_000_000;
  /** How the next requests fail, first one first. */
  failures: Failure[] = [];
  /** Called with a payment that was taken or let go, before that is answered. */
  onIntent: (intent: HeldIntent) => void = () => {};
  /** Less than that is not taken, in minor units. */
  smallestCapture = 1;
  /** Called with a new Checkout before it is answered. */
  onCheckout: (checkout: JsonObject) => Promise<void> = async () => {};
  readonly #kept = new Map<string, { text: string; status: number; body: object }>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<StripeServer> {
    const server = createServer();
    const stripe = new StripeServer(server);
    server.on('request', (request, response) => void stripe.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return stripe;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(request);
    const path = request.url!;
    const idempotencyKey = String(request.headers['idempotency-key'] ?? '');
    this.requests.push({ path, parameters: Object.fromEntries(new URLSearchParams(text)), idempotencyKey });
    const failure = this.failures.shift();
    if (failure === 'hang') return;
    if (failure === 'reset') return void request.socket.destroy();
    if (failure === 429 || failure === 409 || failure === 401)
      return send(response, failure, problem(failure));

    const name = `${path} ${idempotencyKey}`;
    // What is read, or asked for without a key, is answered anew.
    if (idempotencyKey === '') this.#kept.delete(name);
    const kept = this.#kept.get(name);
    if (kept && kept.text !== text) return send(response, 400, problem(400, 'idempotency_error'));
    if (!kept) {
      const [status, body] =
        typeof failure === 'number' ? [failure, problem(failure)] : await this.#perform(path, text);
      this.#kept.set(name, { text, status, body });
    }
    if (failure === 'lost answer') return void request.socket.destroy();
    const { status, body } = this.#kept.get(name)!;
    send(response, status, body);
  }

  async #perform(path: string, text: string): Promise<[number, object]> {
    const parameters = new URLSearchParams(text);
    if (path === '/v1/checkout/sessions') return [200, await this.#createCheckout(parameters)];
    const [, kind, id, action] =
      /^\/v1\/(checkout\/sessions|payment_intents)\/(\w+)(?:\/(\w+))?/.exec(path) ?? [];
    if (kind === 'checkout/sessions') return this.#askCheckout(id!, action);
    if (kind === 'payment_intents') return this.#askIntent(id!, action, parameters);
    if (path === '/v1/refunds') return this.#createRefund(parameters.get('payment_intent')!);
    return [404, problem(404)];
  }

  async #createCheckout(parameters: URLSearchParams): Promise<object> {
    const id = `cs_test_${crypto.randomUUID().replaceAll('-', '')}`;
    const checkout = {
      id,
      object: 'checkout.session',
      amount_total: Number(parameters.get('line_items[0][price_data][unit_amount]')),
      client_reference_id: parameters.get('client_reference_id'),
      currency: parameters.get('line_items[0][price_data][currency]'),
      expires_at: Number(parameters.get('expires_at')),
      livemode: false,
      metadata: membersOf(parameters, 'metadata'),
      capture_method: parameters.get('payment_intent_data[capture_method]') ?? 'automatic',
      mode: 'payment',
      payment_intent: null,
      payment_status: 'unpaid',
      status: 'open',
      url: `https://checkout.stripe.test/pay/${id}`,
    };
    this.checkouts.push(checkout);
    await this.onCheckout(checkout);
    return checkout;
  }

  /** A customer pays a Checkout that is to be held. @returns the payment, which his bank holds. */
  pay(url: string): HeldIntent {
    const checkout = this.checkouts.find((one) => one.url === url)!;
    if (checkout.status !== 'open')
      throw new TypeError(`a Checkout that is ${String(checkout.status)} is paid`);
    const id = `pi_${String(checkout.id).slice(8)}`;
    const amount = checkout.amount_total as number;
    const intent: HeldIntent = {
      ...{ id, object: 'payment_intent', status: 'requires_capture', capture_method: 'manual' },
      ...{ amount, amount_capturable: amount, amount_received: 0, currency: String(checkout.currency) },
      metadata: checkout.metadata as Record<string, string>,
      latest_charge: {
        id: `ch_${id}`,
        payment_method_details: { card: { capture_before: this.captureBefore } },
      },
      cancellation_reason: null,
    };
    this.intents.set(id, intent);
    Object.assign(checkout, { status: 'complete', payment_intent: id });
    return intent;
  }

  /** A bank lets go of what it holds, or somebody does at Stripe. */
  letGo(id: string, cancellation_reason: string): void {
    Object.assign(this.intents.get(id)!, { status: 'canceled', amount_capturable: 0, cancellation_reason });
  }

  #askCheckout(id: string, action: string | undefined): [number, object] {
    const checkout = this.checkouts.find((one) => one.id === id);
    if (!checkout) return [404, problem(404)];
    if (action === 'expire') {
      if (checkout.status !== 'open') return [400, problem(400)];
      checkout.status = 'expired';
    }
    const intent = this.intents.get(String(checkout.payment_intent));
    return [200, { ...checkout, payment_intent: intent ?? checkout.payment_intent }];
  }

  #askIntent(id: string, action: string | undefined, parameters: URLSearchParams): [number, object] {
    const intent = this.intents.get(id);
    if (!intent) return [404, problem(404)];
    if (action === undefined) return [200, { ...intent }];
    if (intent.status !== 'requires_capture')
      return [400, problem(400, 'invalid_request_error', 'payment_intent_unexpected_state')];
    if (action === 'cancel') this.letGo(id, 'requested_by_customer');
    else {
      const amount_received = Number(parameters.get('amount_to_capture'));
      if (amount_received > intent.amount)
        return [400, problem(400, 'invalid_request_error', 'amount_too_large')];
      if (amount_received < this.smallestCapture)
        return [400, problem(400, 'invalid_request_error', 'amount_too_small')];
      Object.assign(intent, { status: 'succeeded', amount_capturable: 0, amount_received });
    }
    this.onIntent(intent);
    return [200, { ...intent }];
  }

  #createRefund(paymentIntent: string): [number, object] {
    const isBack = ({ payment_intent, status }: JsonObject) =>
      payment_intent === paymentIntent && status !== 'failed';
    if (this.refunds.some(isBack)) {
      return [400, problem(400, 'invalid_request_error', 'charge_already_refunded')];
    }
    const id = `re_${crypto.randomUUID().replaceAll('-', '')}`;
    const refund = { id, object: 'refund', payment_intent: paymentIntent, status: 'succeeded', metadata: {} };
    this.refunds.push(refund);
    return [200, refund];
  }
}

/** The members of `name[...]`. */
function membersOf(parameters: URLSearchParams, name: string): Record<string, string> {
  const members = [...parameters].filter(([key]) => key.startsWith(`${name}[`));
  return Object.fromEntries(members.map(([key, value]) => [key.slice(name.length + 1, -1), value]));
}

function problem(
  status: number,
  type = status >= 500 ? 'api_error' : 'invalid_request_error',
  code?: string,
) {
  return { error: { type, code, message: `answered ${status} on purpose` } };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Request-Id': 'req_test' });
  response.end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
