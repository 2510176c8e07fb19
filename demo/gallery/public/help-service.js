// What the service answers to elements of live help, as a state of the gallery wants it: who is at the desk and what is asked
// for there, how a customer's own request stands.

const now = () => Math.floor(Date.now() / 1000);

export const helperId = 'mira';

const categories = [
  { id: 'leak', name: 'Something drips or leaks', tokens: 30, duration_seconds: 900 },
  { id: 'wall', name: 'Hang it on the wall', tokens: 20, duration_seconds: 600 },
  { id: 'quick', name: 'A quick question', tokens: 0, duration_seconds: 120 },
].map((category) => ({ ...category, skills: [], search_seconds: 120, active: true }));

/** A request of a category, as it stands; what is left out is as it is at first. */
export function requestOf({ category = 'leak', since = 40, due = 90, ...more } = {}) {
  const { tokens, duration_seconds } = categories.find(({ id }) => id === category);
  return {
    id: `req_${category}`,
    provider_id: 'lantern',
    application_id: 'handy',
    user_id: 'ada',
    category_id: category,
    status: 'open',
    reason: null,
    version: 1,
    round: 1,
    offered_count: 3,
    helper_id: null,
    helper_name: null,
    session_id: null,
    tokens,
    duration_seconds,
    created_at: now() - since,
    claimed_at: null,
    started_at: null,
    ended_at: null,
    due_at: now() + due,
    used_seconds: null,
    final_cost: null,
    outcome: null,
    description: 'The tap in the kitchen drips, about once a second.',
    notes: null,
    typical_wait_seconds: 40,
    ...more,
  };
}

/** Answers by method and path below the API endpoint. */
export function helpCalls({ desk, request, listed = [] }) {
  const known = [request, ...listed, ...(desk?.requests ?? [])].filter(Boolean);
  const find = (id) => known.find((one) => one.id === id);
  const common = () => ({ unread_count: desk.unread ?? 0, server_time: Date.now() });
  const helper = () => ({
    id: helperId,
    availability: desk.availability ?? 'available',
    active_count: desk.active ?? 0,
    max_concurrent: 2,
  });
  let next = request;
  return [
    ['POST', /\/access-token$/, () => ({ body: { access_token: 'gallery', expires_in: 3600 } })],
    ['GET', /\/help-categories$/, () => ({ body: { categories, next_cursor: null } })],
    ['GET', /\/helpers\/\w+$/, () => ({ body: { ...helper(), display_name: 'Mira', skills: [] } })],
    [
      'GET',
      /\/helpers\/\w+\/events$/,
      () => ({
        frames: [
          ['desk.snapshot', { helper: helper(), requests: desk.requests ?? [], ...common() }],
          ...(desk.later ?? []).map((change) => ['help_request.changed', { request: change, ...common() }]),
        ],
      }),
    ],
    ['PUT', /\/availability$/, ({ availability }) => ({ body: { ...helper(), availability } })],
    ['GET', /\/notifications$/, () => ({ body: desk.notifications })],
    ['POST', /\/help$/, () => ({ status: 201, body: (next = requestOf()) })],
    ['GET', /\/help-requests$/, () => ({ body: { requests: next ? [next] : [], next_cursor: null } })],
    ['GET', /\/help-requests\/(\w+)$/, (_, id) => ({ body: find(id) ?? next })],
    [
      'GET',
      /\/help-requests\/\w+\/events$/,
      () => ({ frames: [['help_request.snapshot', { request: next, server_time: Date.now() }]] }),
    ],
    [
      'POST',
      /\/help-requests\/\w+\/cancel$/,
      () => ({ body: (next = { ...next, status: 'cancelled', reason: 'requested', version: 9 }) }),
    ],
    [
      'POST',
      /\/help-requests\/(\w+)\/outcome$/,
      (said, id) => {
        next = { ...(find(id) ?? next), ...said, version: 9 };
        return { body: next };
      },
    ],
    ['POST', /\/join$/, () => ({ body: { launch_url: `${location.origin}/gallery/` } })],
  ];
}

/** A stream that has told these, and goes on. */
export function streamOf(frames) {
  const text = frames.map(([type, data]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(text.join(''))),
  });
}
