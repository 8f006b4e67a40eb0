import { canonicalJson } from './digest.js';
import { isRefusal, type Refusal, type RefusalCode } from './errors.js';

/** The sentence that every decision's spec is: given what happened, when this is decided, then that happens. */
export const specOf =
  <State, Event>(initial: State, evolve: (state: State, event: Event) => State) =>
  (...events: Event[]) => {
    const state = events.reduce(evolve, initial);
    return {
      when: (decision: (state: State) => Event[] | Refusal) => {
        const outcome = decision(state);
        return {
          then: (...expected: Event[]) => same(outcome, expected),
          refused: (code: RefusalCode, more: Omit<Partial<Refusal>, 'refused' | 'detail'> = {}) => {
            if (!isRefusal(outcome)) throw new Error(`Decided, where ${code} was due: ${canonicalJson(outcome)}`);
            const { path, allowed } = outcome;
            same({ refused: outcome.refused, path, allowed }, { refused: code, ...more });
          },
        };
      },
      then: (expected: unknown) => same(state, expected),
    };
  };

function same(actual: unknown, expected: unknown): void {
  const [is, due] = [canonicalJson(actual), canonicalJson(expected)];
  if (is !== due) throw new Error(`Got ${is}\nwhere ${due}\nwas due.`);
}
