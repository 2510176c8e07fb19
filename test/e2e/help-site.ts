// What a provider of live help runs: pages with the elements, the routes behind them, and a Stripe where customers pay.
import { after, before } from 'node:test';
import { expectOk, type Json } from '../service/fixtures.js';
import { HelpScene, type HelpRequestAnswer, type TestHelper } from '../service/help-desk.js';
import { heldNews, secretKey, signatureOf, webhookSecret } from '../service/stripe-events.js';
import { StripeServer, type HeldIntent } from '../service/stripe-server.js';
import type { OneOrigin } from './one-origin.js';
import { useOneOrigin } from './set-up.js';

export type PaidRequest = HelpRequestAnswer & {
  checkout_url: string | null;
  payment_status: string;
  captured_amount: number | null;
  used_seconds: number | null;
};

const html = (body: string) =>
  new Response(
    `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>Help</title>
  <link rel="icon" href="data:,">
  <script type="module" src="/marketplace-session.js"></script>
  <script type="module" src="/live-help.js"></script>
  ${body}
</html>`,
    { headers: { 'Content-Type': 'text/html' } },
  );
const asked = 'server-url="/api/v1" access-token-url';
const checked = 'camera microphone network';
/** A helper is in the call once the devices were looked at. */
const preflight = `<marketplace-session-preflight require="${checked}" server-url="/api/v1"></marketplace-session-preflight>
  <script type="module">
    document.addEventListener('preflight-passed', (devices) => {
      const room = document.querySelector('marketplace-session-room');
      const { cameraId, microphoneId, speakerId } = devices;
      Object.assign(room, { cameraId, microphoneId, speakerId });
      room.join().catch(({ code }) => console.error(code));
    });
  </script>`;

/** A provider whose help costs 25 EUR for ten minutes; customers have tokens for more time. */
export class HelpSite {
  readonly origin: OneOrigin;
  readonly stripe: StripeServer;
  readonly scene: HelpScene;
  readonly #helpers = new Map<string, TestHelper>();
  /** Who is signed in as a customer. */
  customer = '';

  constructor(origin: OneOrigin, stripe: StripeServer, scene: HelpScene) {
    this.origin = origin;
    this.stripe = stripe;
    this.scene = scene;
  }

  get url(): string {
    return this.origin.origin;
  }

  /** A helper who has signed in, and has not come to the desk yet. */
  async helper(display_name: string): Promise<TestHelper> {
    const helper = await this.scene.helper({ display_name }, 'offline');
    this.#helpers.set(helper.id, helper);
    return helper;
  }

  /** Nobody is free any more. */
  async closeDesks(): Promise<void> {
    for (const helper of this.#helpers.values()) await this.scene.setAvailability(helper, 'offline');
  }

  /** How long each of the two rounds looks for somebody from now on, seconds. */
  async searchFor(search_seconds: number): Promise<void> {
    const { categoryId, application } = this.scene;
    const change = { as: application.secretKey, body: { search_seconds } };
    expectOk(await this.origin.service.call('PATCH', `/help-categories/${categoryId}`, change));
  }

  read(id: string): Promise<PaidRequest> {
    return this.scene.read(id) as Promise<PaidRequest>;
  }

  /** The newest request of who is signed in. */
  async newest(): Promise<PaidRequest> {
    const { requests } = expectOk(
      await this.origin.service.call<{ requests: PaidRequest[] }>(
        'GET',
        `/help-requests?user_id=${this.customer}`,
      ),
    );
    return requests[0]!;
  }

  /** The payment of a request, as Stripe has it. */
  intentOf({ id }: { id: string }): HeldIntent | undefined {
    return [...this.stripe.intents.values()].find(({ metadata }) => metadata.help_request_id === id);
  }

  /** Pays a Checkout, of which Stripe tells the service. */
  async pay(url: string): Promise<void> {
    const body = JSON.stringify(heldNews(this.stripe.pay(url), 'amount_capturable_updated'));
    const headers = { 'Stripe-Signature': signatureOf(body, Math.floor(Date.now() / 1000)) };
    const told = { as: null, body, headers };
    expectOk(await this.origin.service.call('POST', '/api/v1/webhooks/stripe', told));
  }

  /** The way into a session for its customer. */
  async launch(sessionId: string): Promise<string> {
    const as = this.scene.application.secretKey;
    const { service } = this.origin;
    const launched = await service.call<{ session_token: string }>('POST', `/sessions/${sessionId}/launch`, {
      as,
    });
    return `/talk?session=${expectOk(launched).session_token}`;
  }

  async answer(path: string, request: Request): Promise<Response | null> {
    const [, place, id = '', sessionId = ''] = path.split('/');
    switch (place) {
      case '':
        return html(`<marketplace-help-request ${asked}="/access-token" request-url="/help" join-url="/join"
          checks="${checked}" require="${checked}">
          </marketplace-help-request>`);
      case 'pay':
        if (request.method !== 'POST') return html('<form method="post"><button>Pay 25 €</button></form>');
        await this.pay(`${this.url}${path}`);
        return html('<p>Thank you.</p>');
      case 'talk':
        return html(`<marketplace-session api-endpoint="${this.url}/api/v1" no-redirect></marketplace-session>
          <marketplace-session-room></marketplace-session-room>
          <marketplace-session-chat></marketplace-session-chat>
          <marketplace-session-files></marketplace-session-files>`);
      case 'desk':
        return html(`<marketplace-helper-desk ${asked}="/access-token/${id}" session-url="/helping/${id}/{session_id}">
          </marketplace-helper-desk>`);
      case 'helping':
        return this.#helping(id, sessionId);
      case 'access-token':
        return Response.json({
          access_token: this.#helpers.get(id)?.token ?? (await this.scene.tokenOf('customer', this.customer)),
          expires_in: 3600,
        });
      case 'help':
        return this.#ask(request);
      case 'join':
        return this.#join(request);
      default:
        return null;
    }
  }

  async #helping(helperId: string, sessionId: string): Promise<Response> {
    const { requests } = expectOk(
      await this.origin.service.call<{ requests: HelpRequestAnswer[] }>(
        'GET',
        `/help-requests?helper_id=${helperId}`,
        { as: this.scene.application.secretKey },
      ),
    );
    const of = `${asked}="/access-token/${helperId}"`;
    const attended = `session-id="${sessionId}" ${of}`;
    const request = requests.find(({ session_id }) => session_id === sessionId)!;
    return html(`<marketplace-session-room ${attended}></marketplace-session-room>
      <marketplace-session-chat ${attended}></marketplace-session-chat>
      <marketplace-session-files ${attended}></marketplace-session-files>
      <marketplace-session-outcome request-id="${request.id}" ${of}></marketplace-session-outcome>
      ${preflight}`);
  }

  async #ask(request: Request): Promise<Response> {
    const { category_id, description } = (await request.json()) as Json;
    const { status, body } = await this.scene.ask(
      this.customer,
      { category_id, description, success_url: `${this.url}/paid` },
      request.headers.get('Idempotency-Key')!,
    );
    return Response.json(body, { status });
  }

  async #join(request: Request): Promise<Response> {
    const { session_id } = (await request.json()) as { session_id: string };
    return Response.json({ launch_url: await this.launch(session_id) });
  }
}

/** The provider's site, opened before the tests of a file and closed after them. */
export function useHelpSite(take: (site: HelpSite) => void): void {
  let stripe: StripeServer;
  let origin: OneOrigin;
  let site: HelpSite;
  before(async () => void (stripe = await StripeServer.start()));
  useOneOrigin(
    (opened) => (origin = opened),
    (path, _, request) => site.answer(path, request),
    () => ({ stripe: { secretKey, webhookSecret, apiUrl: stripe.url } }),
  );
  before(async () => {
    const price = { tokens: null, amount: 2_500, currency: 'eur', search_seconds: 60 };
    const fields = { allowed_origins: [origin.origin], launch_url: `${origin.origin}/talk` };
    const scene = await HelpScene.open(origin.service, price, fields);
    site = new HelpSite(origin, stripe, scene);
    // Customers pay on a page of this site.
    stripe.onCheckout = async (checkout) => {
      checkout.url = `${origin.origin}/pay/${String(checkout.id)}`;
    };
    take(site);
  });
  after(() => stripe.stop());
}
