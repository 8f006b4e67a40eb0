/** A computation that yields after each small step, so that its caller can do other work in between. */
export type Steps<T> = Generator<void, T, void>;

/** Runs the computation to its end without pausing. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
