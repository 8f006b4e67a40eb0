import { isRefusal, type CommitAuthor, type Directory, type OpaqueEvent, type Refusal, type Sealing } from '#domain';
import { encode, headOf, type Signed } from '#event-log';
import { newSecret, seal, type Secrets } from '#keys';
import type { Fate, Identified, Link } from './chains.js';
import type { Place, Turn } from './outbox.js';
import { lackingIn, lossBefore, readSecret, type KnownSecrets } from './secrets.js';
import { late, within, type Left } from './time-left.js';
import { commitsSince, ownKey, type CommitSummary, type WriteModel } from './write-model.js';

/** A command that is to be recorded: its author, its idempotency key and its decision. */
export interface Submission {
  readonly stream: string;
  /** The idempotency key. */
  readonly command: string;
  readonly commandHash: string;
  /** The name of the act, for the log of this process. */
  readonly does: string;
  readonly by: CommitAuthor;
  /** The author's signature, checked. */
  readonly signed?: Signed | undefined;
  /** The heads that the client accepts. Any other head is a conflict, and no second decision is made. */
  readonly expected?: readonly string[] | undefined;
  /** The secrets that the decision needs to seal a payload, or to read one. */
  readonly sealing?: (model: WriteModel) => Sealing | undefined;
  /** Whether the decision needs the names of actors, which are sealed: the model that it gets has them in its directory. */
  readonly readsNames?: boolean;
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
  /** What the log holds, as far as this process has read it. */
  view(): WriteModel;
  /** The state that the stream's next command is decided on: what the log holds, and the records that this process has sent since. */
  tip(stream: string): WriteModel;
  /** Decides and sends when it is this command's turn. */
  turn(turn: Turn, timeoutMs: number): Promise<Place>;
  /** Call when no client waits for this record any more. If the log lacks it, it is sent again; no other command is decided after it. */
  doubt(stream: string, link: Link): void;
  /** Gets the secret of a development that the log holds. */
  secretOf(development: string): Promise<Uint8Array | Unavailable>;
  /** Opens the names of the actors in the directory that were not opened yet. Resolves to the reason why this is not possible. */
  openNames(directory: Directory): Promise<Unavailable | undefined>;
  /** The directory with all actors' names; undefined if some were not opened yet. */
  named(directory: Directory): Directory | undefined;
  /** Keeps the secret of a new development. Resolves to the kept one, which may come from an earlier try of the same command. */
  keepSecret(development: string, offered: Uint8Array): Promise<Uint8Array | Unavailable>;
  /** Resolves to the reason why readers would not get what follows the words with this id, if the key store lacks their key. */
  lossOf(id: string): Promise<Unavailable | undefined>;
  /** Resolves to whether every record that the log held at the call has been read. */
  caughtUp(timeoutMs: number): Promise<boolean>;
  /** ISO 8601, UTC, milliseconds. */
  now(): string;
}

const retries = 3;

/** With less time than this no record is sent, because it could not be settled. */
const leastMs = 1;

const unavailable = (why: string): Unavailable => ({ outcome: 'unavailable', of: 'log', why });
const noTime = unavailable('The newsroom is overloaded.');
const noTurn = unavailable('Too many commands are waiting for this stream.');
const noLog = unavailable('The log does not answer.');

/**
 * Decides when it is the command's turn, on the state after every record that this process has sent on the stream, sends, and waits until the
 * log has settled the record. A loser is decided again on the new state. A decision that sends nothing is final only on what the log holds,
 * and all that it held at the request. When the time is over the outcome is `pending` if a record may still win, and `unavailable` if none
 * was sent or each has lost.
 */
export async function submit(submission: Submission, environment: Environment, left: Left): Promise<Outcome> {
  const secrets: KnownSecrets = new Map();
  for (let losses = 0; ;) {
    const known = recorded(environment.view(), submission);
    if (known) return known;
    const prepared = await within(left(), prepare(submission, environment, secrets));
    if (prepared === late || left() < leastMs) return noTime;
    let answer: Answer;
    const decide = (tip: WriteModel): Identified | undefined => {
      answer = answerOn(tip, submission, environment, secrets, prepared);
      return Array.isArray(answer) ? recordOf(answer, tip, submission, environment, secrets) : undefined;
    };
    const { stream, by } = submission;
    const turn = { stream, own: ownKey(by.id, submission.command), decide };
    const place = await environment.turn(turn, left());
    if (place.turn === 'late') return noTurn;
    if (place.turn === 'decided') {
      const final = answer && (await confirmed(submission, environment, secrets, place.behind, prepared, left));
      if (final) return final;
      continue;
    }
    const came = await within(left(), place.link.settled);
    if (came === late) environment.doubt(stream, place.link);
    const outcome =
      came === late ? ({ outcome: 'pending' } as const) : outcomeOf(came, submission, environment.view(), losses);
    if (outcome) return outcome;
    losses++;
  }
}

/** The outcome of a record that was sent. Undefined if the command must be decided again. */
function outcomeOf(came: Fate, submission: Submission, now: WriteModel, losses: number): Outcome | undefined {
  if (came.fate === 'won') return { outcome: 'won', commit: came.commit, again: false };
  if (came.fate === 'not-sent') return unavailable('The log is unreachable.');
  // If the winner is an earlier record with this key, this is not a conflict: the next round gives its answer.
  if (losses < retries || now.commands.has(keyOf(submission))) return undefined;
  return came.fate === 'lost' ? conflict(now, submission.stream, came.since) : { outcome: 'pending' };
}

/** The final answer to a command that sends nothing: on what the log held at the request. Undefined if it is to be sent after all. */
async function confirmed(
  submission: Submission,
  environment: Environment,
  secrets: Secrets,
  behind: Link | undefined,
  prepared: Prepared,
  left: Left,
): Promise<Outcome | undefined> {
  if (behind && (await within(left(), behind.settled)) === late) return noLog;
  const known = recorded(environment.view(), submission);
  if (known) return known;
  // A refusal must rest on every record that the log held at the request, not on the part that this process had read.
  if ((await within(left(), environment.caughtUp(left()))) !== true) return noLog;
  // The same command may have come once more meanwhile, and have been sent: then it is answered as that one.
  if (recorded(environment.tip(submission.stream), submission)) return undefined;
  const answer = answerOn(environment.view(), submission, environment, secrets, prepared);
  return Array.isArray(answer) ? undefined : answer;
}

/** The results that a command has before its turn. */
interface Prepared {
  /** The state on which the command was looked at. On another one it may need other secrets. */
  readonly on: WriteModel;
  /** The reason why the secret that the decision needs is not available. */
  readonly lacking?: Unavailable;
  /** The decision, which holds while the stream and the registry are as they were. */
  readonly draft?: OpaqueEvent[];
}

/** Gets the secrets that the decision needs. */
async function prepare(submission: Submission, environment: Environment, secrets: KnownSecrets): Promise<Prepared> {
  const on = environment.tip(submission.stream);
  if (submission.readsNames && !known(on, submission)) {
    const lacking = await environment.openNames(on.directory);
    if (lacking) return { on, lacking };
  }
  const wanted = submission.sealing?.(on);
  if (!wanted || lackingIn(wanted, secrets).length === 0 || known(on, submission)) return { on };
  const lacking = await readSecret(wanted.opens, environment, secrets);
  if (lacking) return { on, lacking };
  const keys = lackingIn({ ...wanted, opens: undefined }, secrets);
  return keys.length === 0 ? { on } : prepareSeal({ keys, isNew: wanted.isNew }, on, submission, environment, secrets);
}

/** Gets the secrets that seal the payloads; new ones only for a command that would be recorded. */
async function prepareSeal(
  { keys, isNew }: { readonly keys: readonly string[]; readonly isNew: true | undefined },
  on: WriteModel,
  submission: Submission,
  environment: Environment,
  secrets: KnownSecrets,
): Promise<Prepared> {
  const offered = keys.map(key => [key, newSecret()] as const);
  const events = isNew && decidedOn(on, submission, environment, new Map([...secrets, ...offered]));
  // A command that would be refused, or lacks names, gets no key.
  if (isNew && !Array.isArray(events)) return { on };
  // Together, so that a post waits for the key store once.
  const [loss, kept] = await Promise.all([
    isNew && lossBefore(on, submission.stream, environment),
    secretsOf(offered, isNew, environment),
  ]);
  if (loss) return { on, lacking: loss };
  if ('outcome' in kept) return { on, lacking: kept };
  for (const [key, secret] of kept) secrets.set(key, secret);
  const isOffered = offered.every(([key, secret]) => Buffer.compare(kept.get(key)!, secret) === 0);
  return Array.isArray(events) && isOffered ? { on, draft: events } : { on };
}

/** The secrets with these ids: for a new development those offered, unless an earlier try kept others. */
async function secretsOf(
  offered: readonly (readonly [id: string, secret: Uint8Array])[],
  isNew: true | undefined,
  environment: Environment,
): Promise<KnownSecrets | Unavailable> {
  const secrets: KnownSecrets = new Map();
  for (const [id, secret] of offered) {
    const kept = await (isNew ? environment.keepSecret(id, secret) : environment.secretOf(id));
    if ('outcome' in kept) return kept;
    secrets.set(id, kept);
  }
  return secrets;
}

/** Whether a decision on one state is the same on the other. */
const isAlike = (stream: string, one: WriteModel, other: WriteModel): boolean =>
  one.directory === other.directory && headOf(one.arbitration, stream).id === headOf(other.arbitration, stream).id;

/** The events to record, the outcome without a record, or undefined if the decision needs a secret that nobody has asked for yet. */
type Answer = OpaqueEvent[] | Outcome | undefined;

/**
 * Decides. Without the secret that the decision needs, a command can still be refused, or change nothing. Where the state is not the one that
 * the secrets were asked for, and the decision lacks one, the command is decided again.
 */
function answerOn(
  model: WriteModel,
  submission: Submission,
  environment: Environment,
  secrets: Secrets,
  { on, draft, ...prepared }: Prepared,
): Answer {
  const before = known(model, submission);
  if (before) return before;
  const isSame = isAlike(submission.stream, on, model);
  if (draft && isSame) return draft;
  const answer = decidedOn(model, submission, environment, secrets);
  const lacking = isSame ? prepared.lacking : undefined;
  if (!answer) return lacking;
  const wanted = submission.sealing?.(model);
  if (!wanted || lackingIn(wanted, secrets).length === 0) return answer;
  // The answer may be another one once the text that the decision reads is open.
  return Array.isArray(answer) || (!isSame && isUnread(wanted, secrets)) ? lacking : answer;
}

const isUnread = ({ opens }: Sealing, secrets: Secrets) => opens !== undefined && !secrets.has(opens);

function recordOf(
  events: readonly OpaqueEvent[],
  tip: WriteModel,
  { stream, command, commandHash, by, signed }: Submission,
  environment: Environment,
  secrets: Secrets,
): Identified {
  const parent = headOf(tip.arbitration, stream);
  return encode({
    source: tip.source ?? environment.source,
    stream,
    seq: parent.seq + 1,
    parent: parent.id,
    recorded: environment.now(),
    command,
    commandHash,
    by,
    events: seal(stream, events, secrets),
    signed,
  });
}

const keyOf = ({ by, command }: Submission) => ownKey(by.id, command);

/** The answer to a command whose key the log holds. */
export function recorded({ commands }: WriteModel, submission: Submission): Outcome | undefined {
  const commit = commands.get(keyOf(submission));
  if (!commit) return undefined;
  return commit.commandHash === submission.commandHash
    ? { outcome: 'won', commit, again: true }
    : { outcome: 'key-taken' };
}

/** The answer that needs no decision: the command is known, its stream is quarantined, or the head is not the one that the client saw. */
function known(model: WriteModel, submission: Submission): Outcome | undefined {
  const { stream, expected } = submission;
  const before = recorded(model, submission);
  if (before) return before;
  const why = model.unreadable.get(stream);
  if (why) return unavailable(`The stream is quarantined: this version cannot read one of its commits. ${why}`);
  const head = headOf(model.arbitration, stream);
  return expected && !expected.includes(head.id) ? conflict(model, stream, ...expected) : undefined;
}

/** Undefined if the decision needs names that were not opened yet. */
function decidedOn(
  model: WriteModel,
  { stream, decide, readsNames }: Submission,
  environment: Environment,
  secrets: Secrets,
): OpaqueEvent[] | Outcome | undefined {
  const directory = readsNames ? environment.named(model.directory) : model.directory;
  if (!directory) return undefined;
  const decided = decide({ ...model, directory }, secrets);
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
