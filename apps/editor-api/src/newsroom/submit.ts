import { isRefusal, type Author, type OpaqueEvent, type Refusal } from '#domain';
import { encode, headOf, type AppendOutcome, type NewRecord } from '#event-log';
import { seal, developmentsWithPayload, type Secrets } from '#keys';
import { commitsSince, ownKey, type CommitSummary, type Newsroom } from './newsroom.js';

/** A command on its way: who wants what, under which key. */
export interface Submission {
  readonly stream: string;
  /** The idempotency key. */
  readonly command: string;
  readonly commandHash: string;
  /** What it does, for the log of this process. */
  readonly does: string;
  readonly by: Author;
  /** The heads that the client allows; another head is then a conflict, and nothing is decided again. */
  readonly expected?: readonly string[] | undefined;
  /** What it tells is not sealed yet. The secrets may lack some that it turns out to take: then it is asked again with them. */
  readonly decide: (newsroom: Newsroom, secrets: Secrets) => OpaqueEvent[] | Refusal;
}

export type Outcome =
  /** It stands in the log, now or since an earlier submission under the same key. */
  | { readonly outcome: 'won'; readonly commit: CommitSummary; readonly again: boolean }
  | { readonly outcome: 'already-so'; readonly head: string; readonly seq: number; readonly position: number }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  /** The author's key stands in the log for another command. */
  | { readonly outcome: 'key-taken' }
  /** Others were faster; nothing of this command is or will be in force. */
  | { readonly outcome: 'conflict'; readonly head: string; readonly meanwhile: readonly CommitSummary[] }
  /** Sent, and not settled in time: it may still win. */
  | { readonly outcome: 'pending' }
  | Unavailable;

/** Nothing of it is in force: it was not sent, or what was sent has lost. */
export interface Unavailable {
  readonly outcome: 'unavailable';
  readonly of: 'log' | 'keys';
  readonly why: string;
}

/** What the loop needs of the world. */
export interface Surroundings {
  readonly source: string;
  readonly settleTimeoutMs: number;
  view(): Newsroom;
  /** `person` is its author's id. */
  append(record: NewRecord, person: string): Promise<AppendOutcome>;
  /** Secrets to seal these events with, at least those that are not among `known`. */
  secretsFor(events: readonly OpaqueEvent[], known: Secrets): Promise<Secrets | Unavailable>;
  /** Resolves to whether the condition came to hold within the time. */
  until(holds: (newsroom: Newsroom) => boolean, timeoutMs: number): Promise<boolean>;
  /** Resolves to whether all that stood in the log when it was called has been read. */
  caughtUp(timeoutMs: number): Promise<boolean>;
  /** ISO 8601, UTC, milliseconds. */
  now(): string;
  pause(losses: number): Promise<void>;
}

const retries = 3;

/**
 * Decides on the newsroom as it is known here, appends, and waits until the stream's head has moved off the parent:
 * then this commit is the new head's first, or can never win. A loser decides again on the new state.
 */
export async function submit(submission: Submission, world: Surroundings): Promise<Outcome> {
  const { stream, commandHash } = submission;
  let fresh = false;
  let secrets: Secrets = new Map();
  for (let losses = 0; ;) {
    const ready = await readied(submission, world, secrets);
    const { answer, newsroom } = ready;
    secrets = ready.secrets;
    if (!Array.isArray(answer)) {
      // A "no" must rest on all that the log held when it was asked, not on what this process happened to have read.
      const final = answer.outcome === 'won' || answer.outcome === 'key-taken' || fresh;
      if (final) return answer;
      if (!(await world.caughtUp(world.settleTimeoutMs)))
        return { outcome: 'unavailable', of: 'log', why: 'The log does not answer.' };
      fresh = true;
      continue;
    }
    const parent = headOf(newsroom.arbitration, stream);
    const record = encode({
      source: sourceOf(newsroom, world),
      stream,
      seq: parent.seq + 1,
      parent: parent.id,
      recorded: world.now(),
      command: submission.command,
      commandHash,
      by: submission.by,
      events: seal(stream, answer, secrets),
    });
    if ((await world.append(record, submission.by.id)) === 'not-sent')
      return { outcome: 'unavailable', of: 'log', why: 'The log could not be reached.' };
    const moved = (room: Newsroom) => headOf(room.arbitration, stream).id !== parent.id;
    if (!(await world.until(moved, world.settleTimeoutMs))) return { outcome: 'pending' };
    const settled = world.view();
    const own = commitWithId(settled, submission, record.id);
    if (own) return { outcome: 'won', commit: own, again: false };
    // Where the winner is an earlier record under this key, the answer is no conflict: the next round gives it.
    if (losses === retries && !settled.commands.has(keyOf(submission))) return conflict(settled, stream, parent.id);
    fresh = false;
    await world.pause(losses++);
  }
}

/** An answer that can be sealed. Digests rest on secrets, so that what takes some more is decided once more with them. */
async function readied(submission: Submission, world: Surroundings, known: Secrets) {
  for (let secrets = known; ;) {
    const newsroom = world.view();
    const answer = answerFrom(newsroom, submission, secrets);
    const told = Array.isArray(answer) ? [...developmentsWithPayload(answer)] : [];
    if (!Array.isArray(answer) || told.every(development => secrets.has(development)))
      return { newsroom, answer, secrets };
    const more = await world.secretsFor(answer, secrets);
    if ('outcome' in more) return { newsroom, answer: more, secrets };
    secrets = new Map([...secrets, ...more]);
  }
}

const keyOf = ({ by, command }: Submission) => ownKey(by.id, command);

/** By its id, as the key may meanwhile stand in another stream for another command. */
function commitWithId({ commands, recent }: Newsroom, submission: Submission, id: string) {
  const own = commands.get(keyOf(submission));
  return own?.id === id ? own : recent.get(submission.stream)?.find(commit => commit.id === id);
}

function answerFrom(newsroom: Newsroom, submission: Submission, secrets: Secrets): OpaqueEvent[] | Outcome {
  const { stream, commandHash, expected } = submission;
  const known = newsroom.commands.get(keyOf(submission));
  if (known)
    return known.commandHash === commandHash
      ? { outcome: 'won', commit: known, again: true }
      : { outcome: 'key-taken' };
  const why = newsroom.unreadable.get(stream);
  if (why) return { outcome: 'unavailable', of: 'log', why: `The stream is quarantined. ${why}` };
  const head = headOf(newsroom.arbitration, stream);
  if (expected && !expected.includes(head.id)) return conflict(newsroom, stream, ...expected);
  const decided = submission.decide(newsroom, secrets);
  if (isRefusal(decided)) return { outcome: 'refused', refusal: decided };
  if (decided.length > 0) return decided;
  return { outcome: 'already-so', head: head.id, seq: head.seq, position: newsroom.arbitration.position };
}

const conflict = (newsroom: Newsroom, stream: string, ...seen: string[]): Outcome => ({
  outcome: 'conflict',
  head: headOf(newsroom.arbitration, stream).id,
  meanwhile: seen.map(head => commitsSince(newsroom, stream, head)).find(commits => commits) ?? [],
});

const sourceOf = (newsroom: Newsroom, { source }: Surroundings) => newsroom.source ?? source;
