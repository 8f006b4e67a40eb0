import type { NextFunction, Request, Response } from 'express';
import { invalid } from './problem.js';

const limit = 32;

const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** The path to the first value nested deeper than allowed; level by level, so that depth cannot exhaust the stack. */
export function tooDeep(value: unknown, levels = limit): string[] | undefined {
  let level = isHolder(value) ? [{ holder: value, path: [] as string[] }] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > levels) return level[0]!.path;
    level = level.flatMap(({ holder, path }) =>
      Object.entries(holder).flatMap(([key, inner]) =>
        isHolder(inner) ? [{ holder: inner, path: [...path, key] }] : [],
      ),
    );
  }
  return undefined;
}

export function limitDepth(request: Request, _response: Response, next: NextFunction): void {
  const path = tooDeep(request.body);
  next(path && invalid([{ path: path.slice(0, 8), message: `must be nested at most ${limit} levels deep` }]));
}
