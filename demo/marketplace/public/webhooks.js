// What has come since the page was opened is put on top, without closing what somebody reads.

const everyMs = 1500;

async function refresh() {
  const response = await fetch('/webhooks');
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const list = document.querySelector('[data-live=hooks]');
  const isKnown = new Set([...list.children].map(({ dataset }) => dataset.id));
  const fresh = [...page.querySelectorAll('[data-live=hooks] > li')].filter(
    ({ dataset }) => !isKnown.has(dataset.id),
  );
  list.prepend(...fresh.map((item) => document.adoptNode(item)));
  if (list.children.length > 0) document.querySelector('[data-empty]')?.remove();
}

function watch() {
  // A server that is away for a moment is asked again; nobody is told.
  const ask = document.hidden ? Promise.resolve() : refresh().catch(() => {});
  void ask.then(() => setTimeout(watch, everyMs));
}
setTimeout(watch, everyMs);

for (const form of document.querySelectorAll('form[data-once]'))
  form.addEventListener('submit', () => (form.querySelector('button').disabled = true));
