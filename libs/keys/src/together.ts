interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Groups single questions into requests, one request at a time: questions that come during a request leave together in the next one, at
 * most `most` of them. `ask` returns an answer for each item, in the same order. If it rejects, every item of that request rejects.
 */
export function together<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<readonly Answer[]>,
  most: number,
): (item: Item) => Promise<Answer> {
  const waiting: Waiting<Item, Answer>[] = [];
  let isAway = false;

  async function run(): Promise<void> {
    isAway = true;
    while (waiting.length > 0) {
      const leaving = waiting.splice(0, most);
      try {
        const answers = await ask(leaving.map(({ item }) => item));
        for (const [index, { resolve }] of leaving.entries()) resolve(answers[index]!);
      } catch (error) {
        for (const { reject } of leaving) reject(error);
      }
    }
    isAway = false;
  }

  return item => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    waiting.push({ item, resolve, reject });
    if (!isAway) void run();
    return promise;
  };
}
