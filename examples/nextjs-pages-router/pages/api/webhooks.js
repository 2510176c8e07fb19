import { createWebhookRoute, toNodeHandler } from 'marketplace-session/sdk';

// What is signed are the bytes.
export const config = { api: { bodyParser: false } };

export default toNodeHandler(
  createWebhookRoute({
    on: { 'session.ended': ({ data }) => console.log(`${data.session_id} has cost ${data.final_cost}`) },
  }),
);
