import { createWebhookRoute } from 'marketplace-session/sdk';

export const POST = createWebhookRoute({
  on: { 'session.ended': ({ data }) => console.log(`${data.session_id} has cost ${data.final_cost}`) },
});
