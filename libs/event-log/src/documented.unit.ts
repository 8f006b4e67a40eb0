import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { arbitrate, emptyLog, type Headers } from './arbitrate.js';

type Rule = (headers: Headers) => number | false;

/** Implements the rule from its text in docs/consume-the-log.md. */
function documentedRule(): Rule {
  const page = readFileSync('docs/consume-the-log.md', 'utf8');
  const [, code] = /```js\n([\s\S]*?)```/.exec(page)!;
  return new Function(`${code} return counts;`)() as Rule;
}

const id = fc.constantFrom(...['a', 'b', 'c', 'd', '0'].map(digit => digit.repeat(64)), 'no id', undefined);
const record = fc.record({
  ce_id: id,
  ce_parent: id,
  ce_subject: fc.constantFrom('log', 'story:a', 'story:b', '', undefined),
});

test('the documented rule finds the same winners as ours in any log', () =>
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), records => {
      const counts = documentedRule();
      let state = emptyLog;
      for (const headers of records) {
        const [next, verdict] = arbitrate(state, headers);
        state = next;
        expect(counts(headers)).toBe(verdict.won ? verdict.position : false);
      }
    }),
    { numRuns: 2_000 },
  ));
