import type { ServiceContext } from '../context.js';

/**
 * A body of texts, each made when there is room for it. The first one is made before the answer begins, so that what refuses it
 * still can; where a later one cannot be made, the answer breaks off.
 */
export async function streamedText(
  { logger }: Pick<ServiceContext, 'logger'>,
  texts: AsyncGenerator<string, void>,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let next = await texts.next();
  return new ReadableStream({
    async pull(controller) {
      if (next.done) return controller.close();
      controller.enqueue(encoder.encode(next.value));
      try {
        next = await texts.next();
      } catch (error) {
        logger.error('an answer broke off', { error: String(error) });
        controller.error(new Error('the answer broke off'));
      }
    },
    cancel: async () => void (await texts.return()),
  });
}
