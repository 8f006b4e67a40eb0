import { Problem } from '#platform';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { BadClaim } from './person.js';

/** Why a sign-in failed, each with what the person reads and can do. */
export const failures = {
  denied: {
    status: 403,
    text: 'The sign-in was cancelled or refused at the issuer. Try again, or ask your newsroom for access.',
  },
  state: {
    status: 400,
    text: 'This sign-in did not begin in this browser, was begun again in another tab, or took longer than ten minutes. Try again.',
  },
  clock: {
    status: 503,
    text: 'The clocks of the newsroom and of the issuer differ, so the sign-in cannot be checked. Tell the people who run the newsroom.',
  },
  'no-role': {
    status: 403,
    text: 'The issuer knows you, but you have no role at this newsroom’s desk. Ask your newsroom for one, then try again.',
  },
  'bad-claim': {
    status: 502,
    text: 'The issuer described you in a way that the newsroom cannot record. Tell the people who run the newsroom; the log has the reason.',
  },
  unavailable: {
    status: 503,
    text: 'The issuer does not answer, so nobody can sign in right now. Try again in a minute.',
  },
  sessions: {
    status: 503,
    text: 'The newsroom’s database of sessions does not answer, so nobody can sign in right now. Try again in a minute.',
  },
  refused: {
    status: 502,
    text: 'The issuer’s answer could not be accepted. Try again; if that does not help, tell the people who run the newsroom.',
  },
} as const;
/** The kind of a failed sign-in. */
export type Failure = keyof typeof failures;

/** A sign-in failed. `why` is for the log: a code, and never a part of a token, a code or an answer. */
export class SignInFailed extends Error {
  constructor(
    readonly failure: Failure,
    readonly why: string,
  ) {
    super(`${failure}: ${why}`);
  }
}

const wrongTimes = 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED';
const serverFaults = 500;

/** The person's rights have ended at the issuer, or the refresh token has: the session ends too. */
export const isOver = (error: unknown): boolean =>
  (error instanceof ResponseBodyError && error.error === 'invalid_grant') ||
  (error instanceof ClientError && error.code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE') ||
  error instanceof BadClaim ||
  (error instanceof SignInFailed && error.failure === 'no-role');

/** Says in our words why nobody was signed in. */
export function failureOf(error: unknown): SignInFailed {
  if (error instanceof SignInFailed) return error;
  // The sessions throw it; the issuer's client throws all else.
  if (error instanceof Problem) return new SignInFailed('sessions', 'the database does not answer');
  if (error instanceof BadClaim) return new SignInFailed('bad-claim', `claim ${error.message}`);
  if (error instanceof AuthorizationResponseError)
    return new SignInFailed(error.error === 'access_denied' ? 'denied' : 'refused', word(error.error));
  if (error instanceof ResponseBodyError)
    return new SignInFailed(error.status >= serverFaults ? 'unavailable' : 'refused', word(error.error));
  return error instanceof ClientError ? ofClient(error) : new SignInFailed('unavailable', 'no answer');
}

/** The answer is missing, or it is not what the standard demands. */
function ofClient(error: ClientError): SignInFailed {
  const { code = 'no answer' } = error;
  if (code === wrongTimes) return new SignInFailed('clock', code);
  return new SignInFailed(code.startsWith('OAUTH_') && !isNoAnswer(error) ? 'refused' : 'unavailable', code);
}

/** No answer, or a proxy's page in its place. */
const isNoAnswer = ({ code, cause }: ClientError): boolean =>
  ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_JSON'].includes(code ?? '') ||
  (code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' && cause instanceof Response && cause.status >= serverFaults);

/** The issuer's error code if it has the form of one (RFC 6749, 4.1.2.1). Others could put anything into our log. */
const word = (code: string): string => (/^[a-z_]{1,60}$/.test(code) ? code : 'unknown error');
