// Shows what a stream of server-sent events tells, and does nothing else.
const time = document.querySelector<HTMLElement>('#time')!;
new EventSource(time.dataset.events!).addEventListener('message', ({ data }) => {
  time.textContent = String(data);
});
