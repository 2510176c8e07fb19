import type { ExportRecord } from './export.js';

/** Records as lines of JSON, each made when there is room for it. */
export function linesOf(
  first: ExportRecord,
  others: AsyncGenerator<ExportRecord, void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const line = (record: ExportRecord) => encoder.encode(`${JSON.stringify(record)}\n`);
  return new ReadableStream({
    start: (controller) => controller.enqueue(line(first)),
    async pull(controller) {
      const { done, value } = await others.next();
      if (done) controller.close();
      else controller.enqueue(line(value));
    },
    cancel: async () => void (await others.return()),
  });
}
