// What the service answers to a provider's dashboard, as a state of the gallery wants it.

const dayMs = 86_400_000;
const statuses = ['active', 'completed', 'expired', 'completed', 'completed', 'cancelled'];

const dateOf = (ms) => new Date(ms).toISOString().slice(0, 10);

/** The same for the same day: numbers that go up and down with the week. */
function figuresOf(date, { isEmpty, currencies = [] }) {
  const day = Math.round(Date.parse(date) / dayMs);
  const sessions = isEmpty ? 0 : 14 + ((day * 7) % 11) + (day % 7 < 2 ? -9 : 0);
  const money = (share) =>
    currencies.map((currency, index) => ({ currency, amount: sessions * (499 - index * 150) * share }));
  return {
    sessions,
    completed: Math.round(sessions * 0.7),
    expired: Math.round(sessions * 0.2),
    cancelled: Math.round(sessions * 0.1),
    users: Math.round(sessions * 0.6),
    revenue_tokens: sessions * 42,
    returned_tokens: sessions * 3,
    revenue_money: isEmpty ? [] : money(1),
    returned_money: isEmpty
      ? []
      : money(0.1).map(({ currency, amount }) => ({ currency, amount: Math.round(amount) })),
    average_used_seconds: sessions ? 1260 : null,
    extensions: Math.round(sessions * 0.3),
    extended_seconds: Math.round(sessions * 0.3) * 900,
    warnings: Math.round(sessions * 0.5),
    warnings_answered: Math.round(sessions * 0.3),
  };
}

const sum = (days) =>
  days.reduce((total, day) =>
    Object.fromEntries(
      Object.entries(total).map(([name, value]) => [
        name,
        Array.isArray(value)
          ? value.map(({ currency, amount }, n) => ({ currency, amount: amount + day[name][n].amount }))
          : name === 'average_used_seconds'
            ? value
            : value + day[name],
      ]),
    ),
  );

function analyticsOf(query, told) {
  const today = dateOf(Date.now());
  const [from, to] = [query.get('from'), query.get('to')];
  const dates = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += dayMs) dates.push(dateOf(at));
  const earlier = dates.map((date) => dateOf(Date.parse(date) - dates.length * dayMs));
  const days = dates.map((date) => ({ date, is_running: date === today, ...figuresOf(date, told) }));
  const totalOf = (which) => ({
    from: which[0],
    to: which.at(-1),
    ...sum(which.map((date) => figuresOf(date, told))),
    users_estimated: !told.isEmpty,
  });
  return {
    time_zone: 'UTC',
    days,
    total: totalOf(dates),
    previous: totalOf(earlier),
    server_time: Date.now(),
  };
}

/** What pages counted on the last day, and before. */
const metricsOf = (query) =>
  [
    ['pages', 41, 37],
    ['warnings', 12, 15],
    ['errors.NETWORK_FAILED', 3, 5],
    ['custom.export', 7, 4],
  ].map(([name, total, previous]) => ({
    ...{ name, total, previous },
    days: [{ date: query.get('to'), amount: total }],
  }));

function sessionsOf({ isEmpty }) {
  if (isEmpty) return [];
  return Array.from({ length: 8 }, (_, n) => {
    const status = statuses[n % statuses.length];
    const isOver = status !== 'active';
    return {
      id: `ses_${n + 1}`,
      status,
      user_id: ['ada', 'grace', 'alan'][n % 3],
      application_id: n % 2 ? 'margin' : 'sketch',
      provider_id: 'lantern',
      created_at: Math.floor(Date.now() / 1000) - 5400 * (n + 1),
      used_seconds: isOver ? 1260 + 300 * n : null,
      final_cost: isOver ? 42 : null,
      tokens_allocated: 60,
    };
  });
}

const timeline = ['waiting', 'started', 'warning', 'extended', 'ended'].map((name, n) => ({
  id: n + 1,
  type: `session.${name}`,
  created_at: Math.floor(Date.now() / 1000) - 5400 + 700 * n,
  data: {},
}));

/** Answers by method and path below the API endpoint. */
export function dashboardCalls(told) {
  const kinds = told?.waiting ?? {};
  const byStatus = { active: told?.isEmpty ? 0 : 3, paused: told?.isEmpty ? 0 : 1, waiting: 0 };
  return [
    ['GET', /\/providers\/\w+$/, () => ({ body: { id: 'lantern', time_zone: 'UTC' } })],
    ['GET', /\/applications\/(\w+)$/, (_, id) => ({ body: { id, name: id[0].toUpperCase() + id.slice(1) } })],
    [
      'GET',
      /\/providers\/\w+\/events$/,
      () => ({ frames: [['figures.snapshot', { server_time: Date.now() }]] }),
    ],
    ['GET', /\/analytics$/, (_, __, query) => ({ body: analyticsOf(query, told) })],
    ['GET', /\/stats$/, () => ({ body: { sessions_by_status: byStatus, server_time: Date.now() } })],
    [
      'GET',
      /\/attention$/,
      () => ({
        body: { attention: Object.entries(kinds).map(([kind, count]) => ({ kind, count, list: null })) },
      }),
    ],
    [
      'GET',
      /\/page-metrics$/,
      (_, __, query) => ({ body: { metrics: told?.isEmpty ? [] : metricsOf(query) } }),
    ],
    ['GET', /\/help-stats$/, () => ({ body: { requests: 0, by_status: {}, wait_seconds_p50: null } })],
    [
      'GET',
      /\/providers\/\w+\/sessions$/,
      () => ({ body: { sessions: sessionsOf(told), next_cursor: null } }),
    ],
    ['GET', /\/sessions\.csv$/, () => ({ content: 'session_id\r\n' })],
    ['GET', /\/timeline$/, () => ({ body: { timeline, is_complete: true, next_cursor: null } })],
  ];
}
