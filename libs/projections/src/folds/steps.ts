/** A computation that stops after each small step, so that whoever runs it can let others in between. */
export type Steps<T> = Generator<void, T, void>;

/** Runs it to its end at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
