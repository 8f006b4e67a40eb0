import type { ReadableEntry } from '#contract';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pc from 'picocolors';
import { changeLines, type Printed } from './print-change.js';

const plain = { width: 100, colours: pc.createColors(false) };
const name = (actor: string) => (actor === 'ada' ? 'Ada Quist' : actor);

const entry = (more: object = {}): ReadableEntry =>
  ({
    id: 'd1',
    position: 7,
    kind: 'arrival',
    headline: 'Ada Quist arrives',
    sourcing: { basis: 'desk', standing: 'reported' },
    standing: 'reported',
    modality: { mode: 'asserted' },
    key: false,
    checks: [],
    corrections: [],
    retraction: null,
    ...more,
  }) as unknown as ReadableEntry;

const given = (acts: Printed['acts'], entries: Printed['entries'], position = 7) => ({
  then: (...lines: string[]) =>
    expect(changeLines({ position, acts, entries }, name, plain).map(line => line.replace(/ +/g, ' ').trim())).toEqual(
      lines,
    ),
});
const recorded = { act: 'DevelopmentRecorded', development: 'd1' };

describe('a change, printed', () => {
  test('of a recording shows its position, its kind and its sourcing', () =>
    given([recorded], [entry()]).then('7 arrival Ada Quist arrives', 'our desk (reported)'));

  test('of something conditional reads as conditional', () =>
    given(
      [recorded],
      [entry({ modality: { mode: 'conditional', conditions: [{ id: 'calm', text: 'the sea is calm' }] } })],
    ).then('7 arrival Ada Quist arrives', 'conditional on: the sea is calm · our desk (reported)'));

  test('of a key event says so once', () =>
    given([recorded, { act: 'DevelopmentMarkedKey', development: 'd1' }], [entry({ key: true })]).then(
      '7 arrival Ada Quist arrives',
      'our desk (reported) · key event',
    ));

  test('of a correction says what was wrong, and why', () =>
    given(
      [{ act: 'DevelopmentCorrected', development: 'd1' }],
      [entry({ corrections: [{ wrong: 'The day.', reason: 'A slip.' }] })],
      9,
    ).then('9 corrected #7 Ada Quist arrives', 'was wrong: The day. Why: A slip.'));

  test('of a retraction names what it reinstates', () =>
    given(
      [
        { act: 'DevelopmentRetracted', development: 'd1' },
        { act: 'DevelopmentReinstated', development: 'd0', retracted: 'd1' },
      ],
      [
        entry({ retraction: { reason: 'It was somebody else.' } }),
        entry({ id: 'd0', position: 4, headline: 'Nobody comes' }),
      ],
      9,
    ).then('9 retracted #7 Ada Quist arrives', 'why: It was somebody else.', '9 reinstated #4 Nobody comes'));

  test('of what superseded another names that one', () =>
    given(
      [recorded, { act: 'DevelopmentSuperseded', development: 'd0', by: 'd1' }],
      [entry({ id: 'd0', position: 4, headline: 'Nobody comes' }), entry()],
    ).then('7 arrival Ada Quist arrives', 'our desk (reported)', '7 superseded #4 Nobody comes'));

  test('of a condition says what became of it', () =>
    given([{ act: 'ConditionSettled', condition: 'calm', fate: 'met' }], [], 9).then('9 condition calm: met'));

  test('of what was taken down since says nothing', () =>
    given([recorded], [entry({ status: 'taken-down', headline: null, sourcing: null, modality: null })]).then());

  test('of an act that is not known here says nothing', () => given([{ act: 'SomethingNew' }], []).then());

  test('fits the width, and cannot steer the terminal, whatever was written', () =>
    fc.assert(
      fc.property(fc.string({ maxLength: 400, unit: 'binary' }), fc.integer({ min: 80, max: 120 }), (text, width) => {
        const change: Printed = { position: 7, acts: [recorded], entries: [entry({ headline: text })] };
        for (const line of changeLines(change, name, { ...plain, width })) {
          expect([...line].length).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/\p{Cc}/u);
        }
      }),
    ));
});
