import { describe, expect, test } from '@jest/globals';
import { cpuMs } from '../../../../test/harness/growth.js';
import { misshapen } from './body.js';

const nested = (levels: number, kind: '[' | '{' = '['): unknown =>
  JSON.parse(
    kind === '[' ? '['.repeat(levels) + ']'.repeat(levels) : '{"a":'.repeat(levels) + '1' + '}'.repeat(levels),
  );
const pathOf = (value: unknown, levels?: number) => misshapen(value, levels)?.path;

describe('the nesting of a body', () => {
  test.each(['[', '{'] as const)('32 nested levels of %s are allowed, and 33 are not', kind => {
    expect(pathOf(nested(32, kind))).toBeUndefined();
    expect(pathOf(nested(33, kind))).toHaveLength(32);
  });

  test('only arrays and objects count as levels, not the values in them', () => {
    for (const flat of [1, 'a', null, undefined, true]) expect(pathOf(flat, 0)).toBeUndefined();
    expect(pathOf([1, null, 'a'], 1)).toBeUndefined();
    expect(pathOf([1, []], 1)).toEqual(['1']);
  });

  test('a value that is nested too deep is found anywhere, and the error names its path', () =>
    expect(misshapen({ a: [{}, { b: { c: {} } }], d: 1 }, 4)).toEqual({
      path: ['a', '1', 'b', 'c'],
      message: 'must be nested at most 4 levels deep',
    }));

  test('the time to check nesting grows with the size of a body, not with the depth of its values', () => {
    const values = 60_000;
    const deep = (levels: number) =>
      JSON.parse(
        `[${Array<string>(values / levels)
          .fill('['.repeat(levels) + ']'.repeat(levels))
          .join()}]`,
      );
    const msOf = (body: unknown) => {
      const before = cpuMs();
      for (let i = 0; i < 5; i++) misshapen(body, 40);
      return cpuMs() - before;
    };
    const [flat, steep] = [deep(1), deep(32)];
    msOf(flat);
    expect(msOf(steep)).toBeLessThan(8 * msOf(flat) + 20);
    expect(pathOf(nested(131_072))).toHaveLength(32);
    expect(pathOf(nested(43_000, '{'))).toHaveLength(32);
  });
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'a field named %s is refused at any depth; a value of that text is allowed',
  name => {
    const fault = misshapen(JSON.parse(`{"a":[{"${name}":1}]}`));
    expect(fault).toEqual({ path: ['a', '0', name], message: 'unknown field; remove it' });
    expect(misshapen(JSON.parse(`{"a":"${name}"}`))).toBeUndefined();
  },
);
