import { describe, expect, test } from '@jest/globals';
import { Problem } from '#platform';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { failureOf, isOver, SignInFailed } from './failures.js';
import { BadClaim } from './person.js';

const client = (code: string, cause?: unknown) => Object.assign(new ClientError('x', { cause }), { code });
const returned = (error: string) =>
  new AuthorizationResponseError('x', { cause: new URLSearchParams({ error, error_description: 'secret' }) });
const answered = (error: string, status: number) =>
  new ResponseBodyError('x', { cause: { error }, response: new Response('', { status }) });

describe('an issuer’s answer is told in our words, and with a code for the log', () => {
  test.each<[unknown, string, string]>([
    [returned('access_denied'), 'denied', 'access_denied'],
    [returned('server_error'), 'refused', 'server_error'],
    [returned('\nevil line'), 'refused', 'unknown error'],
    [answered('invalid_grant', 400), 'refused', 'invalid_grant'],
    [answered('server_error', 500), 'unavailable', 'server_error'],
    [client('OAUTH_JWT_TIMESTAMP_CHECK_FAILED'), 'clock', 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED'],
    [client('OAUTH_JWT_CLAIM_COMPARISON_FAILED'), 'refused', 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'],
    [client('OAUTH_RESPONSE_IS_NOT_JSON'), 'unavailable', 'OAUTH_RESPONSE_IS_NOT_JSON'],
    [
      client('OAUTH_RESPONSE_IS_NOT_CONFORM', new Response('', { status: 502 })),
      'unavailable',
      'OAUTH_RESPONSE_IS_NOT_CONFORM',
    ],
    [client('OAUTH_TIMEOUT'), 'unavailable', 'OAUTH_TIMEOUT'],
    [new TypeError('fetch failed'), 'unavailable', 'no answer'],
    [new Problem(503, 'sign-in-unavailable', 'x'), 'sessions', 'the database does not answer'],
    [new BadClaim('sub'), 'bad-claim', 'claim sub'],
    [new SignInFailed('state', 'another state'), 'state', 'another state'],
  ])('case %#', (error, failure, why) => expect(failureOf(error)).toMatchObject({ failure, why }));
});

describe('a session', () => {
  test('a session is over if the issuer refuses the person, and not if it does not answer', () => {
    const over = [answered('invalid_grant', 400), new BadClaim('sub'), new SignInFailed('no-role', 'x')];
    expect(over.map(isOver)).toEqual([true, true, true]);
    const not = [answered('server_error', 500), answered('invalid_client', 401), new TypeError('x'), client('OAUTH_X')];
    expect(not.map(isOver)).toEqual([false, false, false, false]);
  });
});
