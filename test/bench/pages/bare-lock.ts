// The least that leads: a lock that a page holds for its life, and a request when it has got it.
const { apiEndpoint } = document.querySelector('marketplace-session')!;

void navigator.locks.request('bench: bare', () => {
  void fetch(`${apiEndpoint}/sessions/lead`);
  return new Promise(() => {});
});

export {};
