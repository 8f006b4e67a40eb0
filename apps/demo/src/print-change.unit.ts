import type { ReadableEntry } from '#contract';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import pc from 'picocolors';
import { changeLines, type Printed } from './print-change.js';
import { anyText } from '../../../test/harness/any-text.js';

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

describe('printing a change', () => {
  test('a recorded development shows its position, kind and sourcing', () =>
    given([recorded], [entry()]).then('7 arrival Ada Quist arrives', 'our desk (reported)'));

  test('a conditional development shows its condition', () =>
    given(
      [recorded],
      [entry({ modality: { mode: 'conditional', conditions: [{ id: 'calm', text: 'the sea is calm' }] } })],
    ).then('7 arrival Ada Quist arrives', 'conditional on: the sea is calm · our desk (reported)'));

  test('a key event is marked once', () =>
    given([recorded, { act: 'DevelopmentMarkedKey', development: 'd1' }], [entry({ key: true })]).then(
      '7 arrival Ada Quist arrives',
      'our desk (reported) · key event',
    ));

  test('a correction shows what was wrong and why', () =>
    given(
      [{ act: 'DevelopmentCorrected', development: 'd1' }],
      [entry({ corrections: [{ wrong: 'The day.', reason: 'A slip.' }] })],
      9,
    ).then('9 corrected #7 Ada Quist arrives', 'was wrong: The day. Why: A slip.'));

  test('a retraction names the development that it reinstates', () =>
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

  test('a development that supersedes another one names it', () =>
    given(
      [recorded, { act: 'DevelopmentSuperseded', development: 'd0', by: 'd1' }],
      [entry({ id: 'd0', position: 4, headline: 'Nobody comes' }), entry()],
    ).then('7 arrival Ada Quist arrives', 'our desk (reported)', '7 superseded #4 Nobody comes'));

  test('a settled condition shows its outcome', () =>
    given([{ act: 'ConditionSettled', condition: 'calm', fate: 'met' }], [], 9).then('9 condition calm: met'));

  test('a development that was taken down since prints nothing', () =>
    given([recorded], [entry({ status: 'taken-down', headline: null, sourcing: null, modality: null })]).then());

  test('an unknown act prints nothing', () => given([{ act: 'SomethingNew' }], []).then());

  test('any text fits the width and has no control characters', () =>
    fc.assert(
      fc.property(anyText({ maxLength: 400 }), fc.integer({ min: 80, max: 120 }), (text, width) => {
        const change: Printed = { position: 7, acts: [recorded], entries: [entry({ headline: text })] };
        for (const line of changeLines(change, name, { ...plain, width })) {
          expect([...line].length).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/\p{Cc}/u);
        }
      }),
    ));
});
