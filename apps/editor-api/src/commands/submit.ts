import { isRefusal, type Author, type OpaqueEvent, type Refusal, type Sealing } from '#domain';
import { encode, headOf, type AppendOutcome, type NewRecord } from '#event-log';
import { newSecret, seal, type Secrets } from '#keys';
import { setTimeout as sleep } from 'node:timers/promises';
import { commitsSince, ownKey, type CommitSummary, type WriteModel } from './write-model.js';

/** A command that is to be recorded: its author, its idempotency key and its decision. */
export interface Submission {
  readonly stream: string;
  /** The idempotency key. */
  readonly command: string;
  readonly commandHash: string;
  /** The name of the act, for the log of this process. */
  readonly does: string;
  readonly by: Author;
  /** The heads that the client accepts. Any other head is a conflict, and no second decision is made. */
  readonly expected?: readonly string[] | undefined;
  /** The development whose secret the decision needs to seal a payload. */
  readonly sealing?: (model: WriteModel) => Sealing | undefined;
  /** The decision. Pure. The payloads in its events are not sealed yet. */
  readonly decide: (model: WriteModel, secrets: Secrets) => OpaqueEvent[] | Refusal;
}

/** The result of a submission. */
export type Outcome =
  /** The command is in the log. `again`: an earlier submission with the same key recorded it. */
  | { readonly outcome: 'won'; readonly commit: CommitSummary; readonly again: boolean }
  | { readonly outcome: 'already-so'; readonly head: string; readonly seq: number; readonly position: number }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  /** The author used this key for another command, which is in the log. */
  | { readonly outcome: 'key-taken' }
  /** Other commands were faster. No effect of this command is or will be in force. */
  | { readonly outcome: 'conflict'; readonly head: string; readonly meanwhile: readonly CommitSummary[] }
  /** The record was sent and not settled in time. It may still win. */
  | { readonly outcome: 'pending' }
  | Unavailable;

/** The command has no effect: its record was not sent, or it has lost. */
export interface Unavailable {
  readonly outcome: 'unavailable';
  readonly of: 'log' | 'keys';
  readonly why: string;
}

/** The effects that `submit` needs: the write model, the log, the key store, the clock. */
export interface Environment {
  readonly source: string;
  view(): WriteModel;
  /** `person`: the author's id. */
  append(record: NewRecord, person: string): Promise<AppendOutcome>;
  /** Gets the secret of a development that the log holds. */
  secretOf(development: string): Promise<Uint8Array | Unavailable>;
  /** Keeps the secret of a new development. Resolves to the kept one, which may come from an earlier try of the same command. */
  keepSecret(development: string, offered: Uint8Array): Promise<Uint8Array | Unavailable>;
  /** Resolves to whether the condition was met in time. */
  until(holds: (model: WriteModel) => boolean, timeoutMs: number): Promise<boolean>;
  /** Resolves to whether every record that the log held at the call has been read. */
  caughtUp(timeoutMs: number): Promise<boolean>;
  /** ISO 8601, UTC, milliseconds. */
  now(): string;
  pause(losses: number): Promise<void>;
}

const retries = 3;

/** Gives the time that is left for an answer, in milliseconds; 0 when it is over. */
export type Left = () => number;

/** Starts a time limit of `ms` milliseconds now. */
export function timeLeft(ms: number): Left {
  const end = performance.now() + ms;
  return () => Math.max(0, end - performance.now());
}

/** With less time than this no record is sent, because it could not be settled. */
const leastMs = 1;

const late = Symbol('no time is left');
const noTime: Unavailable = { outcome: 'unavailable', of: 'log', why: 'The newsroom is overloaded.' };

/** Resolves to the promise's value, or to `late` after `ms` milliseconds. The promise then continues without a listener. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | typeof late> {
  const over = new AbortController();
  const timer = sleep(ms, late, { signal: over.signal }).catch((): typeof late => late);
  return Promise.race([promise, timer]).finally(() => over.abort());
}

/**
 * Decides on the local write model, appends, and waits until the stream's head has moved past the parent: then this commit is the successor
 * of the parent, or can never win. A loser decides again on the new state. When the time is over the outcome is `pending` if a record may
 * still win, and `unavailable` if none was sent or each has lost.
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
      // A refusal must rest on every record that the log held at the request, not on the part that this process had read.
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
    // If the winner is an earlier record with this key, this is not a conflict: the next round gives its answer.
    const now = environment.view();
    if (losses === retries && !now.commands.has(keyOf(submission))) return conflict(now, stream, parent.id);
    isFresh = false;
    await environment.pause(losses++);
  }
}

/** Sends a record and waits until the log has settled it. Undefined if another record won. */
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
  /** The state on which the answer was decided. */
  readonly model: WriteModel;
  /** Events that the known secrets can seal, or an outcome that needs no record. */
  readonly answer: OpaqueEvent[] | Outcome;
}

/** Gets the secret that the decision needs, then decides. Adds to `secrets`. */
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

/**
 * Decides about a development that has no secret yet. Undefined if the state or the secret changed meanwhile, and the decision must be made
 * again.
 */
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

/** Gets a development's secret. Without a secret a command can still be refused, or change nothing. */
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

/** Finds the commit by its id, because another stream may meanwhile hold the key for another command. */
function commitWithId({ commands, recent }: WriteModel, submission: Submission, id: string) {
  const own = commands.get(keyOf(submission));
  return own?.id === id ? own : recent.get(submission.stream)?.find(commit => commit.id === id);
}

/** The answer that needs no decision: the command is known, or its stream is quarantined. */
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

const conflict = (model: WriteModel, stream: string, ...seen: string[]): Outcome => ({
  outcome: 'conflict',
  head: headOf(model.arbitration, stream).id,
  meanwhile: seen.map(head => commitsSince(model, stream, head)).find(commits => commits) ?? [],
});

const sourceOf = (model: WriteModel, { source }: Environment) => model.source ?? source;
