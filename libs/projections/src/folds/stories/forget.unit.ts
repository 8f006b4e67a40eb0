import { expect, test } from '@jest/globals';
import { textsWithout } from './forget.js';

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
  ['has its id in words where nobody else told it', [[2, 'IT CALMS']], [['sea calms', 2, null]]],
  [
    'keeps the text that another one gave before',
    [
      [1, 'calms'],
      [3, 'CALMS DOWN'],
    ],
    [['calms', 3, null]],
  ],
  [
    'has that text until another one gives one',
    [
      [2, 'IT CALMS'],
      [5, 'calms'],
    ],
    [['sea calms', 2, 5]],
  ],
  [
    'is what others tell, though they tell the same',
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
    'changes nowhere where others told it in the same commit, later',
    [
      [2, 'A'],
      [2, 'a'],
    ],
    [],
  ],
] as [string, [number, string][], unknown[]][])('a condition %s', (_, given, expected) => {
  expect(tell(...given)).toEqual(expected);
});
