/** What a process is asked, and what it answers. */
export interface Question {
  id: number;
  call: string;
  argument: unknown;
}

export interface Reply {
  id: number;
  answer?: unknown;
  error?: string;
}

/** Answers the process that started this one; says first that it is ready. */
export function answer(calls: Record<string, (argument: never) => unknown>): void {
  process.on('message', ({ id, call, argument }: Question) => {
    Promise.resolve()
      .then(() => calls[call]!(argument as never))
      .then(
        (answered) => process.send!({ id, answer: answered } satisfies Reply),
        (error: unknown) => process.send!({ id, error: String(error) } satisfies Reply),
      );
  });
  // Whoever is left alone ends.
  process.on('disconnect', () => process.exit());
  process.send!({ id: 0 } satisfies Reply);
}
