// The wallet at the head of the page, as it is once a request has set its price aside, and once it is over.

async function refreshWallet() {
  const response = await fetch('/help');
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  document.querySelector('.wallet')?.replaceWith(document.adoptNode(page.querySelector('.wallet')));
}

for (const type of ['help-requested', 'help-ended'])
  // What is shown stays where the server is away.
  document.addEventListener(type, () => refreshWallet().catch(() => {}));
