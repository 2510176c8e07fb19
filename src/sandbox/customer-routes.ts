import type { SandboxContext } from './context.js';
import { needed, optionalText, optionalWhole } from './http/members.js';
import type { Route } from './http/route.js';
import { change } from './sessions/session-routes.js';

/** Customers, who are there as soon as they are named, and their wallets. */
export function customerRoutes(context: SandboxContext): Route[] {
  const { wallets, clock } = context;
  const createdAt = Math.floor(clock.now() / 1000);
  const read = (id: string) => ({
    id,
    ...{ organization_id: null, name: null, email: null, metadata: {}, low_wallet_tokens: null },
    wallet: { available: wallets.balanceOf(id), held: heldBy(id) },
    created_at: createdAt,
  });
  const heldBy = (id: string) =>
    context.sessions
      .all()
      .filter((session) => session.user_id === id && session.final_cost === null)
      .reduce((sum, { tokens_allocated }) => sum + tokens_allocated, 0);

  return [
    {
      method: 'PUT',
      path: '/customers/{id}',
      operation: 'upsertCustomer',
      allows: {},
      answer: ({ params }) => read(params.id!),
    },
    {
      method: 'GET',
      path: '/customers/{id}',
      operation: 'readCustomer',
      allows: {},
      answer: ({ params }) => read(params.id!),
    },
    {
      method: 'POST',
      path: '/customers/{id}/credits',
      operation: 'creditWallet',
      allows: {},
      answer(asked) {
        const id = asked.params.id!;
        const tokens = needed(optionalWhole(asked.members, 'tokens', 1), 'tokens');
        const reference = needed(optionalText(asked.members, 'reference'), 'reference');
        change(context, asked, `credit ${id}`, asked.members, () => {
          wallets.creditOnce(id, tokens, reference);
          return {};
        });
        return read(id);
      },
    },
  ];
}
