import { describe, expect, jest, test } from '@jest/globals';
import type { Request, Response } from 'express';
import { limitDepth, tooDeep } from './depth.js';
import { Problem } from './problem.js';

const nested = (levels: number, kind: '[' | '{' = '['): unknown =>
  JSON.parse(
    kind === '[' ? '['.repeat(levels) + ']'.repeat(levels) : '{"a":'.repeat(levels) + '1' + '}'.repeat(levels),
  );

describe('nesting', () => {
  test.each(['[', '{'] as const)('of 32 levels of %s is allowed, of 33 is not', kind => {
    expect(tooDeep(nested(32, kind))).toBeUndefined();
    expect(tooDeep(nested(33, kind))).toHaveLength(32);
  });

  test('counts what holds, not what is held', () => {
    for (const flat of [1, 'a', null, undefined, true]) expect(tooDeep(flat, 0)).toBeUndefined();
    expect(tooDeep([1, null, 'a'], 1)).toBeUndefined();
    expect(tooDeep([1, []], 1)).toEqual(['1']);
  });

  test('too deep is found wherever it is, and named by its path', () =>
    expect(tooDeep({ a: [{}, { b: { c: {} } }], d: 1 }, 4)).toEqual(['a', '1', 'b', 'c']));

  test('of 256 KiB, all depth or all breadth, is judged without harm and in good time', () => {
    const began = performance.now();
    expect(tooDeep(nested(131_072))).toHaveLength(32);
    expect(tooDeep(nested(43_000, '{'))).toHaveLength(32);
    expect(tooDeep(JSON.parse(`[${'[],'.repeat(87_380)}[]]`))).toBeUndefined();
    expect(tooDeep(JSON.parse(`[${'[[]],'.repeat(50_000)}[]]`))).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test('too deep is a 422 that names where and how much is allowed', () => {
    const next = jest.fn<(problem?: unknown) => void>();
    limitDepth({ body: nested(40, '{') } as Request, {} as Response, next);
    const problem = next.mock.calls[0]![0] as Problem;
    expect(problem.details).toMatchObject({ status: 422, code: 'invalid-field' });
    expect(problem.details.errors).toEqual([
      { field: 'a.a.a.a.a.a.a.a', message: 'must be nested at most 32 levels deep' },
    ]);
    limitDepth({ body: nested(32) } as Request, {} as Response, next);
    expect(next).toHaveBeenLastCalledWith(undefined);
  });
});
