import type { CommitAuthor, Directory, OpaqueEvent, Refusal, Sealing } from '#domain';
import type { Signed } from '#event-log';
import type { Secrets } from '#keys';
import type { Link } from './chains.js';
import type { Place, Turn } from './outbox.js';
import type { CommitSummary, WriteModel } from './write-model.js';

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
  /** Refuses an author who may not do this on this state. It comes before a conflict, which tells what others did there. */
  readonly notAllowed?: (model: WriteModel) => Refusal | undefined;
  /** Why this process cannot decide: it lacks what the command refers to. A recorded command gets its answer all the same. */
  readonly lacking?: Unavailable | undefined;
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

export const unavailable = (of: Unavailable['of'], why: string): Unavailable => ({ outcome: 'unavailable', of, why });

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
