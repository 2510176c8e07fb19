// Shows what the tag tells its page: each event with its fields, and the snapshot behind them.

const find = (id) => document.getElementById(id);
const session = find('session');

const eventTypes = [
  'session-ready',
  'session-statechange',
  'session-start',
  'session-warning',
  'session-extend-request',
  'session-extend',
  'session-pause',
  'session-resume',
  'session-connection',
  'session-end-request',
  'session-complete',
  'session-end',
  'session-redirect',
  'session-error',
];
const clock = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

/** The fields of an event by name; an error is told by its code, which is a field of its own. */
const fieldsOf = (event) =>
  Object.entries(event).filter(
    ([name, value]) => !['isTrusted', 'error', 'response'].includes(name) && value !== undefined,
  );

function log(event) {
  const entry = document.createElement('li');
  const time = document.createElement('time');
  const name = document.createElement('strong');
  const fields = document.createElement('code');
  time.textContent = clock.format();
  name.textContent = event.type;
  fields.textContent = fieldsOf(event)
    .map(([field, value]) => `${field}: ${value}`)
    .join('\n');
  entry.append(time, name, fields);
  entry.classList.toggle('can-prevent', event.cancelable);
  find('events').prepend(entry);
  find('count').textContent = find('events').childElementCount;
  find('quiet').hidden = true;
}

for (const type of eventTypes) session.addEventListener(type, log);

session.addEventListener('session-redirect', (event) => {
  if (!find('stay').checked) return;
  event.preventDefault();
  find('leave').href = event.address;
  find('way-out').hidden = false;
});

await customElements.whenDefined('marketplace-session');
const showSnapshot = () => {
  const { error, ...rest } = session.snapshot;
  find('snapshot').textContent = JSON.stringify({ ...rest, error: error?.code ?? null }, null, 2);
};
session.subscribe(showSnapshot);
showSnapshot();
