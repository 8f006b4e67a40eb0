import type { NextFunction, Request, Response } from 'express';
import { parse, type ParsedUrlQuery } from 'node:querystring';
import { Problem } from '../problem.js';

/** The longest path and query of a request, in characters. */
export const targetLimit = 8_192;

/** The most query parameters in a request. All of them are read, so that none is ignored. */
export const parameterLimit = 200;

const visibleAscii = /^[\x21-\x7e]*$/;

function isWellFormed(target: string): boolean {
  try {
    decodeURIComponent(target);
    return visibleAscii.test(target);
  } catch {
    return false;
  }
}

const parameters = (query: string) => (query === '' ? 0 : query.split('&').length);

/**
 * Refuses an address that is not valid UTF-8 or is badly percent-encoded. Decoders that repair it would give two addresses one meaning,
 * and replace the reader's text by U+FFFD.
 */
export function checkTarget({ url }: Request, _response: Response, next: NextFunction): void {
  const query = url.split('?').slice(1).join('?');
  if (url.length > targetLimit || parameters(query) > parameterLimit)
    return next(
      new Problem(
        414,
        'address-too-long',
        `The address must have at most ${targetLimit} characters and ${parameterLimit} parameters.`,
      ),
    );
  if (isWellFormed(url)) return next();
  const detail = 'The address must be percent-encoded UTF-8: write %25 for a percent sign, %C3%A9 for é.';
  next(new Problem(400, 'malformed-address', detail));
}

/** The query's parameters by name; a repeated one has a list of values. The result has no prototype. */
export const readQuery = (query: string): ParsedUrlQuery =>
  parse(query, '&', '=', { maxKeys: 0, decodeURIComponent: text => decodeURIComponent(text) });
