import { expect, test } from '@jest/globals';
import { bodyOf, errorsAt, groundless, itemsOf, moved, toDo, written, type Item } from './key-points.js';

const point = (id: string, more: object = {}) => ({
  ...{ point: id, words: `Words of ${id}.`, cites: ['x', 'y'], struckBy: [], changed: [] },
  ...more,
});
const items = (...points: ReturnType<typeof point>[]) => itemsOf({ position: 1, head: 'h', points });
const fresh = (more: Partial<Item> = {}): Item => ({ id: 'new', words: 'New.', cites: ['x'], checked: false, ...more });

test('what is unchanged is named by its id alone', () => {
  const [a, b] = items(point('a'), point('b')) as [Item, Item];
  const sent = [b, { ...a, cites: ['y', 'x'] }, { ...a, words: ' Other. ' }, { ...b, cites: ['x'], checked: true }];
  expect(bodyOf([...sent, fresh()])).toEqual({
    points: [
      { point: 'b' },
      { point: 'a' },
      { point: 'a', text: 'Other.' },
      { point: 'b', cites: ['x'], checked: true },
      { text: 'New.', cites: ['x'] },
    ],
  });
});

test('an item without words is left out, and one that rests on nothing is an error at its place', () => {
  const [a] = items(point('a')) as [Item];
  const sent = written([fresh({ words: ' ' }), a, fresh({ cites: [] })]);
  expect(sent).toHaveLength(2);
  const errors = groundless(sent);
  expect([errorsAt(errors, 0), errorsAt(errors, 1)]).toEqual([[], errors]);
});

test('items move up and down within the list', () => {
  const list = items(point('a'), point('b'), point('c'));
  const ids = (all: readonly Item[]) => all.map(({ was }) => was!.point).join('');
  expect([ids(moved(list, 0, 1)), ids(moved(list, 2, -1)), ids(moved(list, 0, -1)), ids(moved(list, 2, 1))]).toEqual([
    'bac',
    'acb',
    'abc',
    'abc',
  ]);
});

test('a struck point is to rewrite until it rests on nothing that is gone; a changed one to check until it is touched', () => {
  const [struck, changed, gone] = items(
    point('a', { struckBy: ['x'], changed: ['y'] }),
    point('b', { changed: ['y'] }),
    point('c', { words: null }),
  ) as [Item, Item, Item];
  expect([toDo(struck), toDo({ ...struck, words: 'Other.' }), toDo({ ...struck, cites: ['y'] })]).toEqual([
    'rewrite',
    'rewrite',
    'check',
  ]);
  expect([toDo(changed), toDo({ ...changed, checked: true }), toDo({ ...changed, words: 'Other.' })]).toEqual([
    'check',
    undefined,
    undefined,
  ]);
  expect([toDo(gone), toDo({ ...gone, words: 'Again.' }), toDo(fresh())]).toEqual(['rewrite', undefined, undefined]);
});
