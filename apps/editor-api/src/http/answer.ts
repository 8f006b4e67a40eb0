import { Notes, Won } from '#contract';
import { pathTo } from '#client';
import type { Refusal, RefusalCode } from '#domain';
import { Problem } from '#platform';
import type { Response } from 'express';
import { z } from 'zod';
import type { Envelope } from '../commands/perform.js';
import type { CommitSummary } from '../commands/write-model.js';
import type { Outcome } from '../commands/submission.js';

/** The answer to a command that would change nothing, with status 200. */
export const AlreadySo = z
  .object({
    status: z.literal('already-so'),
    command: z.string(),
    head: z.string(),
    seq: z.int(),
    position: z.int(),
    notes: Notes,
  })
  .meta({ id: 'AlreadySo', description: 'No change, so nothing was recorded.' });

/** The answer to a command that is not settled yet, with status 202. */
export const Pending = z
  .object({ status: z.literal('pending'), command: z.string(), href: z.string(), notes: Notes })
  .meta({
    id: 'Pending',
    description:
      'Sent, but not settled yet: it may still take effect. Look it up at href, or send the same command again.',
  });

const statusOf: Record<RefusalCode, number> = {
  'invalid-field': 422,
  'unknown-actor': 422,
  'ambiguous-actor': 422,
  'supersedes-itself': 422,
  'linked-to-itself': 422,
  'unknown-story': 404,
  'unknown-development': 404,
  'unknown-actor-id': 404,
  'unknown-condition': 404,
  'story-exists': 409,
  'story-closed': 409,
  'development-retracted': 409,
  'development-taken-down': 409,
  'development-superseded': 409,
  'unknown-proposal': 404,
  'unknown-text': 404,
  'unknown-key-point': 422,
  'proposal-open': 409,
  'approval-needed': 409,
  'second-person-needed': 403,
  'role-needed': 403,
  'not-in-team': 403,
  'no-team': 409,
  'last-chief': 409,
  'review-needed': 409,
  'not-submitted': 409,
  'submission-changed': 409,
  'submission-returned': 409,
  'submission-waits': 409,
  'loosening-takes-two': 409,
  'nothing-taken-off': 422,
  'former-rules': 409,
  'already-classified': 409,
  'not-minor': 422,
  'standing-already-so': 409,
  'development-embargoed': 409,
  'not-embargoed': 409,
  'condition-settled': 409,
  'not-as-signed': 422,
  'too-many': 409,
  'name-taken': 409,
  'entry-in-clear': 409,
  'actor-exists': 409,
};

/** The codes of the refusals that a status may have. A missing resource that the body names is 422. */
export const codesOf = (status: number): string[] =>
  Object.entries(statusOf).flatMap(([code, its]) => (its === status || (its === 404 && status === 422) ? [code] : []));

/** The answer to a command that was recorded: its commit, without the log's private fields. */
export function won({ id: commit, command, stream, seq, position, recorded, by: author, events }: CommitSummary): Won {
  const { id, name } = author;
  const by = name === undefined ? { id } : { id, name };
  const development = events.find(event => event.development)?.development;
  const answer = { command, commit, stream, seq, position, recorded, by, events: [...events] };
  return { status: 'won', ...answer, ...(development ? { development } : {}) } as Won;
}

/** Makes a problem of a decision's refusal. */
export function refused({ refused: code, detail, path, allowed }: Refusal): Problem {
  // A missing resource in the path is 404; one that the body names is 422.
  const status = statusOf[code] === 404 && path ? 422 : statusOf[code];
  const listed = allowed?.length ? { allowed } : {};
  const errors = path ? [{ field: path.join('.'), message: detail, ...listed }] : undefined;
  return new Problem(status, code, path ? `${path.join('.')}: ${detail}` : detail, errors ? { errors } : listed);
}

/** Sets the status and the headers, and gives the body. Throws a problem for any outcome but a success. */
export function answer(outcome: Outcome, { command }: Pick<Envelope, 'command'>, response: Response) {
  const href = pathTo('commands', command);
  switch (outcome.outcome) {
    case 'won':
      if (outcome.again) response.setHeader('Idempotency-Replayed', 'true');
      response.status(201).setHeader('Location', href).setHeader('ETag', `"${outcome.commit.id}"`);
      return won(outcome.commit);
    case 'already-so': {
      const { head, seq, position } = outcome;
      response.status(200).setHeader('ETag', `"${head}"`);
      return { status: 'already-so', command, head, seq, position };
    }
    case 'pending':
      response.status(202).setHeader('Location', href).setHeader('Retry-After', '1');
      return { status: 'pending', command, href };
    case 'refused':
      throw refused(outcome.refusal);
    case 'key-taken':
      throw new Problem(422, 'key-taken', 'This Idempotency-Key was used for another command. Use a new key.', {
        errors: [{ field: 'Idempotency-Key', message: 'must be new, or come with the same command as before' }],
      });
    case 'conflict':
      throw new Problem(
        409,
        'head-moved',
        'Someone else posted first, so this command had no effect. Review their changes and resubmit.',
        {
          head: outcome.head,
          meanwhile: outcome.meanwhile.map(won),
        },
      );
    case 'unavailable':
      response.setHeader('Retry-After', '1');
      throw new Problem(503, `${outcome.of}-unavailable`, `${outcome.why} This command had no effect; try again.`);
  }
}
