import { expect, test } from '@jest/globals';
import { shreddedAfter, textsWithout } from './forget.js';

/** Each telling of the condition `sea-calms`, in order: its position and text. Those in capitals are forgotten. */
const tell = (...texts: [position: number, text: string][]) =>
  textsWithout({
    texts: texts.map(([position, text]) => ({
      condition: 'sea-calms',
      text,
      position,
      forgotten: text === text.toUpperCase(),
    })),
  }).map(({ text, from, to }) => [text, from, to]);

test.each([
  ['has its id as text if no other development gives a text', [[2, 'IT CALMS']], [['sea calms', 2, null]]],
  [
    'keeps the text that another development gave before',
    [
      [1, 'calms'],
      [3, 'CALMS DOWN'],
    ],
    [['calms', 3, null]],
  ],
  [
    'has its id as text until another development gives a text',
    [
      [2, 'IT CALMS'],
      [5, 'calms'],
    ],
    [['sea calms', 2, 5]],
  ],
  [
    'skips forgotten texts, even where another text is equal to one of them',
    [
      [2, 'A'],
      [3, 'B'],
      [5, 'a'],
      [8, 'C'],
    ],
    [
      ['sea calms', 2, 5],
      ['a', 8, null],
    ],
  ],
  [
    'does not change if another development gives a text later in the same commit',
    [
      [2, 'A'],
      [2, 'a'],
    ],
    [],
  ],
] as [string, [number, string][], unknown[]][])('a condition with a forgotten text %s', (_, given, expected) => {
  expect(tell(...given)).toEqual(expected);
});

test.each([
  ['is counted from its recording on', 3, null, [[3, -1, 1]]],
  [
    'is counted until its retraction among developments',
    3,
    5,
    [
      [3, -1, 1],
      [5, 1, 0],
    ],
  ],
  ['that was retracted in the commit of its recording was never among developments', 3, 3, [[3, 0, 1]]],
] as [string, number, number | null, number[][]][])(
  'a development that is taken down %s',
  (_, from, retracted, expected) => {
    const rows = shreddedAfter('storm', { readable: [{ development: 'a', from, retracted }] });
    expect(rows.map(({ position, developments, shredded }) => [position, developments, shredded])).toEqual(expected);
    expect(new Set(rows.map(({ story, item }) => `${story} ${item}`))).toEqual(new Set(['storm a']));
  },
);
