import type { NextFunction, Request, Response } from 'express';
import { Problem } from './problem.js';

/** A body of another type is refused by name: unread, it would look like none. */
export function jsonOnly(request: Request, _response: Response, next: NextFunction): void {
  const empty = request.headers['content-length'] === '0';
  if (empty || request.is('application/json') !== false) return next();
  next(new Problem(415, 'not-json', 'The body must be JSON: send it with Content-Type: application/json.'));
}
