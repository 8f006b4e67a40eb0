import { describe, expect, test } from '@jest/globals';
import { matches, slugOf, type Choice } from './match.js';

const people: Choice[] = [
  { id: 'putin', label: 'Vladimir Putin', also: ['Poutine', 'Putín'] },
  { id: 'puck', label: 'Ann Puck' },
  { id: 'lavrov', label: 'Sergei Lavrov', also: ['Lawrow'] },
];
const found = (typed: string) => matches(people, typed).map(({ choice, by }) => [choice.id, by]);

describe('finding an actor by typed text', () => {
  test('a choice is found by any word of its name, by its id, and by other names, which are shown', () => {
    expect(found('pu')).toEqual([
      ['putin', undefined],
      ['puck', undefined],
    ]);
    expect(found('lawr')).toEqual([['lavrov', 'Lawrow']]);
    expect(found('PUTÍN')).toEqual([['putin', undefined]]);
  });

  test('without text all choices are listed in order, and unknown text finds none', () => {
    expect(found(' ').map(([id]) => id)).toEqual(['putin', 'puck', 'lavrov']);
    expect(found('zzz')).toEqual([]);
    expect(matches(people, '', 2)).toHaveLength(2);
  });

  test.each([
    ['Ina Holm', 'ina-holm'],
    ['  Žofia  D’Arc! ', 'zofia-d-arc'],
    ['«»', ''],
  ])('%j gives the id %j', (name, id) => expect(slugOf(name)).toBe(id));
});
