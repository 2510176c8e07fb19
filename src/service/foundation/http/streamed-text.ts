import type { ServiceContext } from '../context.js';

/** A reader that takes nothing for so long is dropped. */
const stuckForMs = 30_000;

/**
 * A body of texts, each made when there is room for it. The first one is made before the answer begins, so that what refuses it
 * still can; where a later one cannot be made, or nobody takes it, the answer breaks off.
 */
export async function streamedText(
  { logger, timer }: Pick<ServiceContext, 'logger' | 'timer'>,
  texts: AsyncGenerator<string, void>,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let next = await texts.next();
  let stopWaiting = () => {};
  const leave = async () => {
    stopWaiting();
    await texts.return();
  };
  return new ReadableStream({
    async pull(controller) {
      stopWaiting();
      if (next.done) return controller.close();
      controller.enqueue(encoder.encode(next.value));
      try {
        next = await texts.next();
      } catch (error) {
        logger.error('an answer broke off', { error: String(error) });
        return controller.error(new Error('the answer broke off'));
      }
      stopWaiting = timer(() => {
        controller.error(new Error('a reader took nothing for too long'));
        void leave();
      }, stuckForMs);
    },
    cancel: leave,
  });
}
