import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Value } from './form-model/values.js';
import { differences, merged, shown } from './difference.js';

const was = { kind: 'statement', data: { speaker: 'ada', quote: 'We go.' }, modality: { mode: 'asserted' } };
const theirs = { ...was, data: { ...was.data, quote: 'We will go.' }, body: 'On the stairs.' };
const mine = { ...was, data: { ...was.data, quote: 'We go now.', to: ['ben'] } };

const leaf = fc.constantFrom<Value>('a', 'b', 1, true, ['x'], ['x', 'y'], undefined);
// Whether a group is there says something too: an embargo without a time is an empty group.
const group = fc.constantFrom<Value>(undefined, {});
const form = fc.record({
  a: leaf,
  b: fc.oneof(fc.record({ c: leaf, d: leaf }), group),
  e: leaf,
}) as fc.Arbitrary<Value>;

describe('merging an editor’s draft with a colleague’s change', () => {
  test('the differences are listed field by field, and fields that both changed are marked', () =>
    expect(differences(was, theirs, mine)).toEqual([
      {
        path: ['data', 'quote'],
        label: 'Quote',
        was: 'We go.',
        theirs: 'We will go.',
        mine: 'We go now.',
        clash: true,
      },
      { path: ['data', 'to'], label: 'To', was: undefined, theirs: undefined, mine: ['ben'], clash: false },
      { path: ['body'], label: 'Body', was: undefined, theirs: 'On the stairs.', mine: undefined, clash: false },
    ]));

  test('the merge has the changes of both, and for a clash the side that the editor chose', () => {
    const both = { ...theirs, data: { speaker: 'ada', quote: 'We go now.', to: ['ben'] } };
    expect(merged(was, theirs, mine)).toEqual(both);
    const quote = { ...both.data, quote: 'We will go.' };
    expect(merged(was, theirs, mine, new Set(['data.quote']))).toEqual({ ...both, data: quote });
  });

  test('equal forms have no differences, and if one side is unchanged the merge is the other side', () =>
    fc.assert(
      fc.property(form, form, (a, b) => {
        expect(differences(a, a, a)).toEqual([]);
        expect(merged(a, b, a)).toEqual(b);
        expect(merged(a, a, b)).toEqual(b);
        expect(merged(a, b, b)).toEqual(b);
      }),
    ));

  test.each<[string, Value, Value]>([
    ['set an embargo without a time', undefined, {}],
    ['removed the embargo', { until: '2026-11-28T20:00:00Z' }, undefined],
    ['removed the time of the embargo', { until: '2026-11-28T20:00:00Z' }, {}],
  ])('an editor %s, and a colleague’s change of another field keeps that', (_, before, after) => {
    const [was, mine] = [
      { body: 'We go.', embargo: before },
      { body: 'We go.', embargo: after },
    ];
    expect(merged(was, { ...was, body: 'We go now.' }, mine)).toEqual({ body: 'We go now.', embargo: after });
    expect(differences(was, was, mine)).toHaveLength(1);
  });

  test('after a merge, only the editor’s own changes are left as differences', () =>
    fc.assert(
      fc.property(form, form, form, (a, b, c) => {
        const result = merged(a, b, c);
        for (const { was, mine, path } of differences(b, b, result)) {
          expect(JSON.stringify(was)).not.toBe(JSON.stringify(mine));
          expect(differences(a, b, c).some(difference => String(difference.path) === String(path))).toBe(true);
        }
      }),
    ));

  test.each([
    [undefined, '—'],
    [['ada', 'ben'], 'ada, ben'],
    [[{ stance: 'hope', text: 'We do.' }], 'Stance: hope; Text: We do.'],
    [2.5, '2.5'],
    [true, 'yes'],
    [{}, 'yes'],
  ])('%j is shown as %s', (value, text) => expect(shown(value as Value)).toBe(text));
});
