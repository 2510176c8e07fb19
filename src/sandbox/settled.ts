/** Tasks of the runtime's that may follow from one that is over: a read of a body, a promise of its cryptography. */
const tasks = 8;
/** Who asks and asks is not waited for. */
const mostTasks = 5_000;

/** Resolves in another task of the runtime's, which fake timers do not hold up. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Resolves once nobody is being answered, and what follows from the answers has happened. */
export async function settled(isBusy: () => boolean): Promise<void> {
  for (let task = 0, all = 0; task < tasks && all < mostTasks; task += 1, all += 1) {
    await nextTask();
    if (isBusy()) task = 0;
  }
}
