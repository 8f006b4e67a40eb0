import { describe, expect, test } from '@jest/globals';
import { countNamed, filesNamed, namedAfter, noneNamed } from './named.js';

const name = (digit: string) => digit.repeat(64);
const by = (position: number) => ({ stream: 'story:storm', seq: position - 1, position });
const event = (development: string, ...files: string[]) => ({
  type: 'DevelopmentRecorded',
  data: { development, outline: { kind: 'update', files } },
});
const [a, b, c] = [name('a'), name('b'), name('c')];

describe('the files that a log names', () => {
  test('each is there once, with the first commit that names it; a correction adds those that are new', () => {
    let named = namedAfter(noneNamed, by(3), [event('one', a, b)]);
    named = namedAfter(named, by(4), [event('one', b, c)]);
    named = namedAfter(named, by(5), [event('two', a)]);
    expect([...filesNamed(named, new Set())]).toEqual([
      { name: a, development: 'one', ...by(3) },
      { name: b, development: 'one', ...by(3) },
      { name: c, development: 'one', ...by(4) },
    ]);
    expect(countNamed(named)).toBe(4);
  });

  test('a file of a development that was taken down is left out, unless another one shows it', () => {
    const named = namedAfter(noneNamed, by(3), [event('one', a, b), event('two', b)]);
    expect([...filesNamed(named, new Set(['one']))]).toEqual([{ name: b, development: 'two', ...by(3) }]);
    expect([...filesNamed(named, new Set(['one', 'two']))]).toEqual([]);
  });

  test('events without files name none, and those of later versions are read too', () => {
    const others = [{ type: 'StoryClosed', data: {} }, { type: 'X', data: { outline: {} } }, null, 'text'];
    expect(namedAfter(noneNamed, by(3), others)).toBe(noneNamed);
    const later = { type: 'DevelopmentOfTheFuture', data: { development: 'one', more: 1, outline: { files: [a] } } };
    expect(countNamed(namedAfter(noneNamed, by(3), [later]))).toBe(1);
  });

  test('one file more than the bound is refused', () => {
    const named = namedAfter(noneNamed, by(3), [event('one', a, b)]);
    expect([...filesNamed(named, new Set(), 2)]).toHaveLength(2);
    expect(() => [...filesNamed(named, new Set(), 1)]).toThrow(/names more than 1 files/);
  });
});
