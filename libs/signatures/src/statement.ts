import { Author, canonicalJson } from '#domain';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { isSignedBy, payloadIn, signJws } from './jws.js';

/** The media type in the header of a signed command. A stored name: it never changes. */
export const commandType = 'dateline-command+jws';

/** What an author signs: which command, for which stream of which log, and when. It holds no word of the command, only its hash. */
export const Statement = z
  .strictObject({
    by: Author.shape.id.meta({
      description: 'The id of the person, or of the program: the subject of the certificate.',
    }),
    command: z.string().max(200).meta({ description: 'The Idempotency-Key.' }),
    commandhash: z.string().regex(/^[0-9a-f]{64}$/),
    log: z.string().max(300).meta({ description: 'The log’s name, as in the certificate.' }),
    stream: z.string().max(200),
    time: z.iso.datetime({ precision: 3 }).meta({ description: 'When it was signed, by the author’s clock.' }),
  })
  .meta({ id: 'SignedCommand', description: 'The payload of a signed command.' });
export type Statement = z.infer<typeof Statement>;

/** The fields of a statement that a commit has too. */
export const coveredFields = ['by', 'command', 'commandhash', 'log', 'stream'] as const;

/** Signs a command. */
export const signStatement = (key: KeyObject, statement: Statement): string =>
  signJws(key, commandType, canonicalJson(statement));

/** The statement in a signed command; undefined if it holds none, or the key did not sign it. */
export function openStatement(jws: string, key: KeyObject): Statement | undefined {
  const read = Statement.safeParse(payloadIn(commandType, jws));
  return read.success && isSignedBy(key, jws) ? read.data : undefined;
}
