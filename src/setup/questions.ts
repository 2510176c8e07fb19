import { createInterface } from 'node:readline/promises';

/** One question, and what counts where nobody is asked. */
export interface Question {
  flag: string;
  asks: string;
  usual: string;
}

/** Asks at a terminal, or takes what is usual. */
export type Ask = (question: Question, given: string | undefined) => Promise<string>;

/** Takes flags, and what is usual for the rest. */
export const takeUsual: Ask = ({ usual }, given) => Promise.resolve(given ?? usual);

/** Asks for what no flag has said, by input and output of a terminal. */
export const askAt =
  (input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Ask =>
  async ({ asks, usual }, given) => {
    if (given !== undefined) return given;
    const lines = createInterface({ input, output });
    try {
      return (await lines.question(`${asks} (${usual}) `)).trim() || usual;
    } finally {
      lines.close();
    }
  };
