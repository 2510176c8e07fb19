/**
 * A body of texts, each made when there is room for it. The first one is made before the answer begins, so that what refuses it
 * still can; where a later one cannot be made, the answer breaks off.
 */
export async function streamedText(texts: AsyncGenerator<string, void>): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let next = await texts.next();
  return new ReadableStream({
    async pull(controller) {
      if (next.done) return controller.close();
      controller.enqueue(encoder.encode(next.value));
      next = await texts.next();
    },
    cancel: async () => void (await texts.return()),
  });
}
