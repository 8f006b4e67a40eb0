import { isRefusal, type Author, type OpaqueEvent, type Refusal, type Sealing } from '#domain';
import { encode, headOf, type AppendOutcome, type NewRecord } from '#event-log';
import { newSecret, seal, type Secrets } from '#keys';
import { setTimeout as sleep } from 'node:timers/promises';
import { commitsSince, ownKey, type CommitSummary, type WriteModel } from './write-model.js';

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
  /** The development whose secret the decision needs, where it writes a payload. */
  readonly sealing?: (newsroom: WriteModel) => Sealing | undefined;
  /** Pure. The payloads in its events are not sealed yet. */
  readonly decide: (newsroom: WriteModel, secrets: Secrets) => OpaqueEvent[] | Refusal;
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
export interface Environment {
  readonly source: string;
  view(): WriteModel;
  /** `person` is its author's id. */
  append(record: NewRecord, person: string): Promise<AppendOutcome>;
  /** The secret of a development that the log holds. */
  secretOf(development: string): Promise<Uint8Array | Unavailable>;
  /** Keeps the secret of a new development. Resolves to the one kept: an earlier try of the command may have kept another. */
  keepSecret(development: string, offered: Uint8Array): Promise<Uint8Array | Unavailable>;
  /** Resolves to whether the condition came to hold within the time. */
  until(holds: (newsroom: WriteModel) => boolean, timeoutMs: number): Promise<boolean>;
  /** Resolves to whether all that stood in the log when it was called has been read. */
  caughtUp(timeoutMs: number): Promise<boolean>;
  /** ISO 8601, UTC, milliseconds. */
  now(): string;
  pause(losses: number): Promise<void>;
}

const retries = 3;

/** The time that is left for an answer, in milliseconds; 0 when it is over. */
export type Left = () => number;

/** The time left from now on, of so many milliseconds. */
export function timeLeft(ms: number): Left {
  const end = performance.now() + ms;
  return () => Math.max(0, end - performance.now());
}

/** With less time than this nothing is sent: it could not be settled. */
const leastMs = 1;

const late = Symbol('no time is left');
const noTime: Unavailable = { outcome: 'unavailable', of: 'log', why: 'The newsroom is overloaded.' };

/** What the promise resolves to, or `late` after so many milliseconds; then it goes on, and nobody waits for it. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | typeof late> {
  const over = new AbortController();
  const timer = sleep(ms, late, { signal: over.signal }).catch((): typeof late => late);
  return Promise.race([promise, timer]).finally(() => over.abort());
}

/**
 * Decides on the write model as it is known here, appends, and waits until the stream's head has moved off the parent:
 * then this commit is the new head's first, or can never win. A loser decides again on the new state. It ends when no time is
 * left: with 202 where a record may still win, with 503 where none was sent or each has lost.
 */
export async function submit(submission: Submission, environment: Environment, left: Left): Promise<Outcome> {
  const { stream, commandHash } = submission;
  const secrets: KnownSecrets = new Map();
  let isFresh = false;
  for (let losses = 0; ;) {
    const answered = await within(left(), answerTo(submission, environment, secrets));
    if (answered === late) return noTime;
    const { model, answer } = answered;
    if (!Array.isArray(answer)) {
      // A "no" must rest on all that the log held when it was asked, not on what this process happened to have read.
      const isFinal = answer.outcome === 'won' || answer.outcome === 'key-taken' || isFresh;
      if (isFinal) return answer;
      if ((await within(left(), environment.caughtUp(left()))) !== true)
        return { outcome: 'unavailable', of: 'log', why: 'The log does not answer.' };
      isFresh = true;
      continue;
    }
    const parent = headOf(model.arbitration, stream);
    const record = encode({
      source: sourceOf(model, environment),
      stream,
      seq: parent.seq + 1,
      parent: parent.id,
      recorded: environment.now(),
      command: submission.command,
      commandHash,
      by: submission.by,
      events: seal(stream, answer, secrets),
    });
    const outcome = await settled(record, parent.id, submission, environment, left);
    if (outcome) return outcome;
    // Where the winner is an earlier record under this key, the answer is no conflict: the next round gives it.
    const now = environment.view();
    if (losses === retries && !now.commands.has(keyOf(submission))) return conflict(now, stream, parent.id);
    isFresh = false;
    await environment.pause(losses++);
  }
}

/** Sends a record and waits until the log has settled it; undefined where another record won. */
async function settled(
  record: NewRecord & { readonly id: string },
  parent: string,
  submission: Submission,
  environment: Environment,
  left: Left,
): Promise<Outcome | undefined> {
  if (left() < leastMs) return noTime;
  const sent = await within(left(), environment.append(record, submission.by.id));
  if (sent === 'not-sent') return { outcome: 'unavailable', of: 'log', why: 'The log is unreachable.' };
  const hasMoved = ({ arbitration }: WriteModel) => headOf(arbitration, submission.stream).id !== parent;
  if (!(await environment.until(hasMoved, left()))) return { outcome: 'pending' };
  const own = commitWithId(environment.view(), submission, record.id);
  return own && { outcome: 'won', commit: own, again: false };
}

type KnownSecrets = Map<string, Uint8Array>;

interface Answered {
  /** The state that the answer was decided on. */
  readonly model: WriteModel;
  /** Events that can be sealed with the secrets by now, or an outcome that needs no record. */
  readonly answer: OpaqueEvent[] | Outcome;
}

/** Gets the secret that the decision needs, and decides; adds to `secrets`. */
async function answerTo(submission: Submission, environment: Environment, secrets: KnownSecrets): Promise<Answered> {
  for (;;) {
    const model = environment.view();
    const known = knownAnswer(model, submission);
    if (known) return { model, answer: known };
    const wanted = submission.sealing?.(model);
    if (!wanted || secrets.has(wanted.development)) return { model, answer: decidedOn(model, submission, secrets) };
    const { development, isNew } = wanted;
    const answered = isNew
      ? await decidedWithNewSecret(development, submission, environment, secrets)
      : await refusedWithoutSecret(development, submission, environment, secrets);
    if (answered) return answered;
  }
}

/** Decides about a development that has no secret yet. Undefined where it has to be decided again, as the state or the secret is another by now. */
async function decidedWithNewSecret(
  development: string,
  submission: Submission,
  environment: Environment,
  secrets: KnownSecrets,
): Promise<Answered | undefined> {
  const model = environment.view();
  const offered = newSecret();
  const answer = decidedOn(model, submission, new Map([...secrets, [development, offered]]));
  if (!Array.isArray(answer)) return { model, answer };
  const kept = await environment.keepSecret(development, offered);
  if ('outcome' in kept) return { model, answer: kept };
  secrets.set(development, kept);
  const headIn = ({ arbitration }: WriteModel) => headOf(arbitration, submission.stream).id;
  const isSame = Buffer.compare(kept, offered) === 0 && headIn(environment.view()) === headIn(model);
  return isSame ? { model, answer } : undefined;
}

/** Gets a development's secret. Where there is none, a command can still be refused, or change nothing. */
async function refusedWithoutSecret(
  development: string,
  submission: Submission,
  environment: Environment,
  secrets: KnownSecrets,
): Promise<Answered | undefined> {
  const secret = await environment.secretOf(development);
  if (!('outcome' in secret)) {
    secrets.set(development, secret);
    return undefined;
  }
  const model = environment.view();
  const answer = knownAnswer(model, submission) ?? decidedOn(model, submission, secrets);
  return { model, answer: Array.isArray(answer) ? secret : answer };
}

const keyOf = ({ by, command }: Submission) => ownKey(by.id, command);

/** By its id, as the key may meanwhile stand in another stream for another command. */
function commitWithId({ commands, recent }: WriteModel, submission: Submission, id: string) {
  const own = commands.get(keyOf(submission));
  return own?.id === id ? own : recent.get(submission.stream)?.find(commit => commit.id === id);
}

/** The answer that needs no decision: the command is known, or nothing can be decided on its stream. */
function knownAnswer(model: WriteModel, submission: Submission): Outcome | undefined {
  const { stream, commandHash, expected } = submission;
  const known = model.commands.get(keyOf(submission));
  if (known)
    return known.commandHash === commandHash
      ? { outcome: 'won', commit: known, again: true }
      : { outcome: 'key-taken' };
  const why = model.unreadable.get(stream);
  if (why)
    return {
      outcome: 'unavailable',
      of: 'log',
      why: `The stream is quarantined: this version cannot read one of its commits. ${why}`,
    };
  const head = headOf(model.arbitration, stream);
  return expected && !expected.includes(head.id) ? conflict(model, stream, ...expected) : undefined;
}

function decidedOn(model: WriteModel, { stream, decide }: Submission, secrets: Secrets): OpaqueEvent[] | Outcome {
  const decided = decide(model, secrets);
  if (isRefusal(decided)) return { outcome: 'refused', refusal: decided };
  if (decided.length > 0) return decided;
  const head = headOf(model.arbitration, stream);
  return { outcome: 'already-so', head: head.id, seq: head.seq, position: model.arbitration.position };
}

const conflict = (newsroom: WriteModel, stream: string, ...seen: string[]): Outcome => ({
  outcome: 'conflict',
  head: headOf(newsroom.arbitration, stream).id,
  meanwhile: seen.map(head => commitsSince(newsroom, stream, head)).find(commits => commits) ?? [],
});

const sourceOf = (newsroom: WriteModel, { source }: Environment) => newsroom.source ?? source;
