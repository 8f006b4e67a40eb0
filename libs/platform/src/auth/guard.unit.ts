import { expect, jest, test } from '@jest/globals';
import type { Request } from 'express';
import { anonymousLines, RefusalLog } from './guard.js';
import { Refused } from './principal.js';

const request = { method: 'GET', baseUrl: '', route: { path: '/me' }, ip: '192.0.2.1' } as unknown as Request;
const noToken = new Refused(401, 'no-token', 'No.', 'no token');
const wrongRole = new Refused(403, 'wrong-role', 'No.', 'not legal');

test("anonymous refusals beyond the limit of lines a minute are only counted; a known person's is always logged", () => {
  const warn = jest.fn();
  let now = 0;
  const log = new RefusalLog({ warn }, () => now);
  for (let n = 0; n < anonymousLines; n++) log.log(request, noToken, undefined);
  expect(warn).toHaveBeenCalledTimes(anonymousLines);
  for (let n = 0; n < 7; n++) log.log(request, noToken, undefined);
  expect(warn).toHaveBeenCalledTimes(anonymousLines);
  log.log(request, wrongRole, 'ann');
  expect(warn).toHaveBeenLastCalledWith(
    { who: 'ann', route: 'GET /me', status: 403, code: 'wrong-role', why: 'not legal', address: '192.0.2.1' },
    'refused',
  );
  now = 60_000;
  log.log(request, noToken, undefined);
  expect(warn.mock.calls.slice(-2)).toEqual([
    [{ refused: 7 }, 'more were refused and not logged'],
    [expect.objectContaining({ who: null, code: 'no-token' }), 'refused'],
  ]);
});
