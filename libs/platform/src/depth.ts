import type { NextFunction, Request, Response } from 'express';
import { invalid } from './problem.js';

const limit = 32;

/** The path to the first value nested deeper than allowed; level by level, so that depth cannot exhaust the stack. */
export function tooDeep(value: unknown, levels = limit): string[] | undefined {
  let level: { value: unknown; path: string[] }[] = [{ value, path: [] }];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return level[0]!.path;
    level = level.flatMap(({ value: held, path }) =>
      typeof held === 'object' && held !== null
        ? Object.entries(held).flatMap(([key, inner]) =>
            typeof inner === 'object' ? [{ value: inner, path: [...path, key] }] : [],
          )
        : [],
    );
  }
  return undefined;
}

export function limitDepth(request: Request, _response: Response, next: NextFunction): void {
  const path = tooDeep(request.body);
  next(path && invalid([{ path: path.slice(0, 8), message: `must be nested at most ${limit} levels deep` }]));
}
