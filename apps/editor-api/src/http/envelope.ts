import { Problem, type Authenticated } from '#platform';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Envelope } from '../commands/command.js';
import { ownKeys } from '../newsroom/lifts.js';

const keys = /^[\x21-\x7e]{1,200}$/;
const heads = /^"([0-9a-f]{64})"$/;

const wrong = (field: string, message: string) =>
  new Problem(422, 'invalid-field', `${field} ${message}`, { errors: [{ field, message }] });

/** Who sent the command, under which key, and the head they saw, from the request's headers. */
export const Enveloped = createParamDecorator((_: unknown, context: ExecutionContext): Envelope => {
  const { headers, principal } = context.switchToHttp().getRequest<Authenticated>();
  const command = headers['idempotency-key'] ?? randomUUID();
  if (typeof command !== 'string' || !keys.test(command))
    throw wrong('Idempotency-Key', 'must be 1 to 200 visible ASCII characters without spaces');
  if (command.startsWith(ownKeys)) throw wrong('Idempotency-Key', `must not begin with ${ownKeys}`);
  const ifMatch = headers['if-match'];
  const expected = ifMatch === undefined ? undefined : heads.exec(ifMatch)?.[1];
  if (ifMatch !== undefined && !expected)
    throw wrong('If-Match', 'must be one commit id in double quotes, as an ETag gave it');
  const { id, name, roles } = principal;
  return { command, expected, by: name === undefined ? { id } : { id, name }, roles };
});
