import { canonicalJson } from './digest.js';
import type { Origin } from './author.js';
import { isRefusal, type Refusal, type RefusalCode } from './errors.js';

/** Origin of a commit whose details do not matter to a test. */
export const anyOrigin: Origin = { id: 'c'.repeat(64), by: { id: 'ed' }, recorded: '2026-01-01T00:00:00.000Z' };

/** The shape of every decision's test: given these events, when this decision runs, then it gives those events. */
export const specOf =
  <State, Event>(initial: State, evolve: (state: State, event: Event, commit: Origin) => State) =>
  (...events: Event[]) => {
    const state = events.reduce((before, event) => evolve(before, event, anyOrigin), initial);
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
