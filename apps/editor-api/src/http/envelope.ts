import { Signed } from '#event-log';
import { Problem, type Authenticated } from '#platform';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Envelope } from '../commands/perform.js';
import { ownKeys } from '../commands/embargo-scheduler.js';

// One or two dots alone are steps in a path, so no client could ask for the outcome of such a command.
export const keyPattern = '^(?![.]{1,2}$)[!-~]{1,200}$';
const keys = new RegExp(keyPattern);
/** The form of an If-Match header (RFC 9110, 13.1.1): `*`, or tags of which one must be the head's. */
export const ifMatchPattern = String.raw`^[ \t]*([*]|(W[/])?"[!#-~]*"([ \t]*,[ \t]*(W[/])?"[!#-~]*"){0,99})[ \t]*$`;
const ifMatches = new RegExp(ifMatchPattern);

/** The heads that the header accepts; undefined for any. A weak tag never equals a head, so it accepts none. */
function headsIn(ifMatch: string): readonly string[] | undefined {
  if (!ifMatches.test(ifMatch)) throw wrong('If-Match', 'must be *, or up to 100 ETags in double quotes');
  if (ifMatch.trim() === '*') return undefined;
  const tags = ifMatch.match(/(W[/])?"[^"]*"/g)!;
  return tags.filter(tag => !tag.startsWith('W/')).map(tag => tag.slice(1, -1));
}

/** The idempotency key of a command, in a path. */
export const CommandKey = z
  .string()
  .regex(keys, 'must be an Idempotency-Key: 1 to 200 visible ASCII characters without spaces')
  .meta({ id: 'CommandKey', description: 'The Idempotency-Key of the command.' });

const wrong = (field: string, message: string) =>
  new Problem(422, 'invalid-field', `${field} ${message}`, { errors: [{ field, message }] });

/** The headers of a signed command. */
export const signatureHeaders = { certificate: 'dateline-certificate', command: 'dateline-signature' } as const;

function signedIn(headers: Authenticated['headers']): Signed | undefined {
  const { certificate, command } = signatureHeaders;
  const [given, by] = [headers[command], headers[certificate]];
  if (given === undefined && by === undefined) return undefined;
  const signed = Signed.safeParse({ certificate: by, command: given });
  if (signed.success) return signed.data;
  const [field] = signed.error.issues[0]!.path as (keyof typeof signatureHeaders)[];
  throw wrong(signatureHeaders[field!], `must be a compact JWS, and come with the other of the two headers`);
}

/** Reads the author, the idempotency key, the accepted heads and the signature from the request's headers. */
export const CommandEnvelope = createParamDecorator((_: unknown, context: ExecutionContext): Envelope => {
  const { headers, principal } = context.switchToHttp().getRequest<Authenticated>();
  const command = headers['idempotency-key'] ?? randomUUID();
  if (typeof command !== 'string' || !keys.test(command))
    throw wrong('Idempotency-Key', 'must be 1 to 200 visible ASCII characters without spaces, and not . or ..');
  if (command.startsWith(ownKeys)) throw wrong('Idempotency-Key', `must not begin with ${ownKeys}`);
  const ifMatch = headers['if-match'];
  const expected = ifMatch === undefined ? undefined : headsIn(ifMatch);
  const { id, name, roles, machine } = principal;
  return {
    command,
    expected,
    by: { id, ...(name === undefined ? {} : { name }), ...(machine && { maker: machine.maker }) },
    roles,
    received: new Date().toISOString(),
    signed: signedIn(headers),
  };
});
