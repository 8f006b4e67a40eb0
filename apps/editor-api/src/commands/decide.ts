import { isRefusal, type OpaqueEvent, type Sealing } from '#domain';
import { encode, headOf } from '#event-log';
import { newSecret, seal, type Secrets } from '#keys';
import type { Identified } from './chains.js';
import { lackingIn, lossBefore, readSecret, type KnownSecrets } from './secrets.js';
import { unavailable, type Environment, type Outcome, type Submission, type Unavailable } from './submission.js';
import { commitsSince, ownKey, type WriteModel } from './write-model.js';

/** The results that a command has before its turn. */
export interface Prepared {
  /** The state on which the command was looked at. On another one it may need other secrets. */
  readonly on: WriteModel;
  /** The reason why the secret that the decision needs is not available. */
  readonly lacking?: Unavailable;
  /** The decision, which holds while the stream and the registry are as they were. */
  readonly draft?: OpaqueEvent[];
}

/** Gets the secrets that the decision needs. */
export async function prepare(
  submission: Submission,
  environment: Environment,
  secrets: KnownSecrets,
): Promise<Prepared> {
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
export type Answer = OpaqueEvent[] | Outcome | undefined;

/**
 * Decides. Without the secret that the decision needs, a command can still be refused, or change nothing. Where the state is not the one that
 * the secrets were asked for, and the decision lacks one, the command is decided again.
 */
export function answerOn(
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

export function recordOf(
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

export const keyOf = ({ by, command }: Submission) => ownKey(by.id, command);

/** The answer to a command whose key the log holds. */
export function recorded({ commands }: WriteModel, submission: Submission): Outcome | undefined {
  const commit = commands.get(keyOf(submission));
  if (!commit) return undefined;
  return commit.commandHash === submission.commandHash
    ? { outcome: 'won', commit, again: true }
    : { outcome: 'key-taken' };
}

/** The refusal of an author who may not do this. */
export function refusedOn(model: WriteModel, { notAllowed }: Submission): Outcome | undefined {
  const refusal = notAllowed?.(model);
  return refusal && { outcome: 'refused', refusal };
}

/**
 * The answer that needs no decision: the command is known, its stream is quarantined, its author may not do this, or the head is not the one
 * that the client saw.
 */
function known(model: WriteModel, submission: Submission): Outcome | undefined {
  const { stream, expected } = submission;
  const before = recorded(model, submission);
  if (before) return before;
  const why = model.unreadable.get(stream);
  if (why) return unavailable('log', `The stream is quarantined: this version cannot read one of its commits. ${why}`);
  const refused = refusedOn(model, submission);
  if (refused) return refused;
  const head = headOf(model.arbitration, stream);
  return expected && !expected.includes(head.id) ? conflict(model, stream, ...expected) : undefined;
}

/** Undefined if the decision needs names that were not opened yet. */
function decidedOn(
  model: WriteModel,
  { stream, decide, readsNames, lacking }: Submission,
  environment: Environment,
  secrets: Secrets,
): OpaqueEvent[] | Outcome | undefined {
  if (lacking) return lacking;
  const directory = readsNames ? environment.named(model.directory) : model.directory;
  if (!directory) return undefined;
  const decided = decide({ ...model, directory }, secrets);
  if (isRefusal(decided)) return { outcome: 'refused', refusal: decided };
  if (decided.length > 0) return decided;
  const head = headOf(model.arbitration, stream);
  return { outcome: 'already-so', head: head.id, seq: head.seq, position: model.arbitration.position };
}

export const conflict = (model: WriteModel, stream: string, ...seen: string[]): Outcome => ({
  outcome: 'conflict',
  head: headOf(model.arbitration, stream).id,
  meanwhile: seen.map(head => commitsSince(model, stream, head)).find(commits => commits) ?? [],
});
