/**
 * Joins calls that arrive together, so that they share what is dear (a transaction, a query). A lone call goes at
 * once; while `inFlight` runs are under way, what comes waits and goes together, `most` at a time. When a run of
 * several fails, each of them runs alone: one bad item fails by itself.
 */
export function createBatcher<In, Out>(options: {
  most: number;
  inFlight: number;
  /** Answers in the order of the items. Must have no effect when it throws. */
  run(items: readonly In[]): Promise<readonly Out[]>;
}): (item: In) => Promise<Out> {
  const { most, inFlight, run } = options;
  const waiting: Waiting<In, Out>[] = [];
  let active = 0;

  function pump(): void {
    while (active < inFlight && waiting.length > 0) {
      active += 1;
      void take(waiting.splice(0, most)).finally(() => {
        active -= 1;
        pump();
      });
    }
  }

  async function take(batch: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const answers = await run(batch.map(({ item }) => item));
      for (const [index, { done }] of batch.entries()) done(answers[index]!);
    } catch (error) {
      if (batch.length === 1) return batch[0]!.failed(error);
      for (const one of batch) await take([one]);
    }
  }

  return (item) =>
    new Promise((done, failed) => {
      waiting.push({ item, done, failed });
      // What arrives within one turn of the loop goes together.
      setImmediate(pump);
    });
}

interface Waiting<In, Out> {
  item: In;
  done(answer: Out): void;
  failed(error: unknown): void;
}
