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

/**
 * Speaks the part of Stripe's API that the service calls: Checkout Sessions and refunds, in the shapes of the published
 * fixtures, with idempotency keys as Stripe keeps them. It fails when it is told to.
 */
export class StripeServer {
  readonly requests: StripeRequest[] = [];
  readonly checkouts: JsonObject[] = [];
  readonly refunds: JsonObject[] = [];
  /** How the next requests fail, first one first. */
  failures: Failure[] = [];
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
      metadata: {
        checkout_id: parameters.get('metadata[checkout_id]'),
        session_id: parameters.get('metadata[session_id]'),
      },
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
