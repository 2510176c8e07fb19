// A provider's server with a login of its own: who is signed in comes back to a running session at any time.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { createSessionRoute, createWebhookRoute, Marketplace, toNodeHandler } from 'marketplace-session/sdk';

/** Who is signed in, by the cookie. Yours is a database. */
const logins = new Map();
const userOf = (cookies) => logins.get(/(?:^|; )login=([\w-]+)/.exec(cookies ?? '')?.[1]);

const app = express();

// Before anything that parses bodies: what is signed are the bytes.
app.post(
  '/api/webhooks',
  toNodeHandler(
    createWebhookRoute({
      on: { 'session.ended': ({ data }) => console.log(`${data.session_id} has cost ${data.final_cost}`) },
    }),
  ),
);
app.post(
  '/api/session',
  toNodeHandler(
    createSessionRoute({ marketplace: new Marketplace() }, (request) => {
      const userId = userOf(request.headers.get('cookie'));
      return userId ? { userId } : null;
    }),
  ),
);

app.use(express.urlencoded());
app.post('/login', (request, response) => {
  const id = randomUUID();
  logins.set(id, request.body.user);
  response.cookie('login', id, { httpOnly: true, sameSite: 'lax' }).redirect(303, '/');
});

const tagFolder = new URL('./cdn/', import.meta.resolve('marketplace-session'));
app.use('/marketplace-session', express.static(fileURLToPath(tagFolder)));
app.get('/', (request, response) => {
  const hasSession = userOf(request.headers.cookie) || request.query.session;
  response.send(`<!doctype html>
    <html lang="en">
      <title>Express</title>
      <link rel="icon" href="data:," />
      <script type="module" src="/marketplace-session/marketplace-session.js"></script>
      ${
        hasSession
          ? `<marketplace-session
               api-endpoint="${process.env.MARKETPLACE_API_URL}/api/v1"
               session-token-url="/api/session"
             ></marketplace-session>
             <h1>What people pay for</h1>`
          : `<form method="post" action="/login">
               <label>Name <input name="user" value="ada" /></label>
               <button>Sign in</button>
             </form>`
      }
    </html>`);
});

app.listen(Number(process.env.PORT ?? 8000), 'localhost');
