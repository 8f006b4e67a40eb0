import { digest, system, type Directory } from '#domain';
import {
  encode,
  LogError,
  logStream,
  root,
  type AppendOutcome,
  type BatchAppender,
  type LogReader,
  type LogRecord,
  type NewRecord,
} from '#event-log';
import type { Keys, KeyStore } from '#keys';
import { sharedFresh } from '#platform';
import { setTimeout as sleep } from 'node:timers/promises';
import { isStateGone } from '../state/layered.js';
import { ActiveStreams } from './active-streams.js';
import { ActorNames } from './actor-names.js';
import type { Chains, Link } from './chains.js';
import { recorded } from './decide.js';
import { Following, type Follower } from './following.js';
import { emptyWriteModel, mapLayers } from './kept-model.js';
import { KeptState, type Holder } from './kept-state.js';
import { Milestone } from './milestone.js';
import { Outbox, type Place, type Speculation, type Turn } from './outbox.js';
import { Resending, type Sender } from './resending.js';
import { KeptKeys, secretOf } from './secrets.js';
import { unavailable, type Environment, type Outcome, type Submission } from './submission.js';
import { submit } from './submit.js';
import { timeLeft } from './time-left.js';
import { Uses } from './uses.js';
import { applyRecord, ownKey, type WriteModel } from './write-model.js';

/** After more losses in a row a stream does not rest longer. */
const mostLosses = 4;

const pending: Outcome = { outcome: 'pending' };
const restarting = unavailable('log', 'This process is overloaded, or is reading the log again.');

const quiet = { info: () => undefined, warn: () => undefined };

/**
 * Holds this process's write model, and applies the log to it. Submissions that wait are sent together, each decided on the state after
 * the one before it, so that a process never races with itself.
 */
export class CommandProcessor implements Environment, Speculation, Sender, Follower, Holder {
  model = emptyWriteModel;
  last: LogRecord | undefined;
  private readonly following: Following;
  private begun = 0;
  private readonly read = new Milestone();
  private readonly positions = new Milestone();
  private readonly streams = new ActiveStreams();
  private readonly outbox: Outbox;
  private readonly resending: Resending;
  private readonly stopping = new AbortController();
  /** Submissions that are being processed, and records that may still win, by `ownKey`. */
  private readonly asked = new Uses();
  private readonly sent = new Uses();
  private readonly logEnd: () => Promise<number>;
  /** The names of actors, as far as they were opened. */
  readonly names: ActorNames;
  private readonly keptKeys: KeptKeys;
  ready = false;

  constructor(
    readonly source: string,
    /** Time limit for the answer to a command, in milliseconds. It includes the wait for other commands on the same stream. */
    readonly settleTimeoutMs: number,
    private readonly reader: LogReader,
    private readonly appender: BatchAppender,
    private readonly keys: KeyStore,
    readonly kept = new KeptState(undefined, settleTimeoutMs, quiet),
  ) {
    this.outbox = new Outbox(this, appender);
    this.names = new ActorNames(keys);
    this.keptKeys = new KeptKeys(keys);
    this.resending = new Resending(this, settleTimeoutMs);
    this.following = new Following(reader, kept, this, this.stopping.signal);
    this.logEnd = sharedFresh(async () => (await reader.bounds()).next);
  }

  /** Follows the log until closed. Never resolves before `close`. Rejects with the LogError that ended it. */
  follow(): Promise<void> {
    return this.following.run();
  }

  begin(model: WriteModel): void {
    this.ready = false;
    [this.model, this.last] = [model, undefined];
    this.read.reach(0);
    this.positions.reach(0);
    this.streams.setAside();
    if (++this.begun > 1) void this.open().catch(() => undefined);
  }

  restore(model: WriteModel, last: LogRecord): void {
    [this.model, this.last] = [model, last];
    this.reached();
  }

  /** Waits until the whole log is read. Writes the first commit if the log is empty. */
  async open(): Promise<void> {
    const { signal } = this.stopping;
    while (!(await this.caughtUp(this.settleTimeoutMs))) await sleep(100, undefined, { signal });
    while (!this.model.arbitration.genesis) {
      signal.throwIfAborted();
      await this.appender.append(this.firstCommit());
      await this.positions.until(1, this.settleTimeoutMs);
    }
    this.settleReread();
    this.model = mapLayers(this.model, layer => layer.fixed());
    this.ready = true;
    this.outbox.wake();
    await this.kept.after(this);
  }

  /** Whether commands may be decided: not while the log is read again, on a part of it. */
  get mayDecide(): boolean {
    return this.begun <= 1 || this.ready;
  }

  async submit(submission: Submission): Promise<Outcome> {
    const { stream, by, command } = submission;
    const own = ownKey(by.id, command);
    if (!this.mayDecide) return this.sent.has(own) ? pending : restarting;
    const left = timeLeft(this.settleTimeoutMs);
    const active = this.streams.begin(stream);
    this.asked.begin(own);
    try {
      return this.latest(submission, await submit(submission, this, left));
    } catch (error) {
      if (isStateGone(error)) return this.sent.has(own) ? pending : restarting;
      throw error;
    } finally {
      this.asked.end(own);
      active.end();
    }
  }

  turn(turn: Turn, timeoutMs: number): Promise<Place> {
    return this.outbox.turn(turn, timeoutMs);
  }

  doubt(stream: string, link: Link): void {
    this.chainsNow(stream)?.doubt(link);
    this.unsure(stream);
  }

  chainsNow = (stream: string): Chains | undefined => this.streams.chainsNow(stream);
  sendCopies = (stream: string): void => this.outbox.sendCopies(stream);
  chainsOf = (stream: string): Chains => this.streams.chainsOf(stream);

  copies = (stream: string): readonly Link[] =>
    this.chainsNow(stream)?.addCopies(this.model, this.nextOffset, this.now()) ?? [];

  sending({ own }: Link): void {
    this.sent.begin(own);
  }

  answered(links: readonly Link[], outcome: AppendOutcome): void {
    if (outcome === 'sent' && !this.resending.isBusy) return;
    for (const [stream, ours] of Map.groupBy(links, ({ record }) => record.key)) {
      if (outcome === 'not-sent') for (const { own } of this.streams.notSent(stream, ours)) this.sent.end(own);
      else this.mayBeSent(stream, outcome === 'unknown' ? ours : []);
    }
  }

  private mayBeSent(stream: string, unanswered: readonly Link[]): void {
    const chains = this.chainsNow(stream);
    for (const link of unanswered) chains?.doubt(link);
    if (unanswered.length > 0 || chains?.isInDoubt) this.unsure(stream);
  }

  /** Call when records are in doubt. Nothing leaves until the log has been read: what it has by now is not sent again. */
  private unsure(stream: string): void {
    this.outbox.rest(stream, Promise.all([this.caughtUp(this.settleTimeoutMs), this.resending.begin(stream)]));
  }

  readonly keysOf = (developments: Iterable<string>): Promise<Keys> => this.keys.keysOf(developments);
  openNames = (directory: Directory) => this.names.open(directory);
  named = (directory: Directory) => this.names.named(directory);
  secretOf = (development: string) => secretOf(this.keys, development);
  keepSecret = (development: string, offered: Uint8Array) => this.keptKeys.keep(development, offered);
  lossOf = (id: string) => this.keptKeys.lossOf(id);
  /** Whether this person's command may still be recorded in the log. */
  isPending(person: string, command: string): boolean {
    const own = ownKey(person, command);
    return !this.model.commands.has(own) && (this.asked.has(own) || this.sent.has(own));
  }
  /** How many records of the log were read, winners and void ones. A log begins at 0 and has no gaps. */
  get recordsRead(): number {
    return this.nextOffset;
  }
  get nextOffset(): number {
    return this.read.value;
  }

  view = (): WriteModel => this.model;
  tip = (stream: string): WriteModel => this.chainsNow(stream)?.tip(this.model, this.nextOffset) ?? this.model;
  now = (): string => new Date().toISOString();

  /** Resolves to whether the log's position is at least this one in time. */
  reaches(position: number, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    return this.positions.until(position, timeoutMs, signal);
  }

  async caughtUp(timeoutMs: number): Promise<boolean> {
    try {
      return await this.read.until(await this.logEnd(), timeoutMs);
    } catch (error) {
      if (error instanceof LogError) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.stopping.abort();
    this.resending.close();
    this.kept.stop();
    await Promise.allSettled([this.appender.close(), this.reader.close(), this.keys.close()]);
    await this.kept.close(this);
  }

  async take(records: readonly LogRecord[]): Promise<void> {
    // No command is decided yet, so changes may be made in place.
    if (!this.ready) this.model = mapLayers(this.model, layer => layer.thawed());
    for (const record of records) this.takeOne(record);
    this.last = records.at(-1) ?? this.last;
    this.reached();
    await this.kept.after(this);
  }

  private reached(): void {
    this.read.reach((this.last?.offset ?? -1) + 1);
    this.positions.reach(this.model.arbitration.position);
    this.outbox.wake();
  }

  private takeOne(record: LogRecord): void {
    const { ce_subject: stream = '', ce_id: id = '' } = record.headers;
    const chains = this.chainsNow(stream);
    const before = this.model;
    this.model = chains?.apply(before, record) ?? applyRecord(before, record);
    if (!chains) return;
    const { losses, isInDoubt } = chains;
    const over = chains.read(id, this.model === before ? undefined : this.model);
    for (const { own } of over) this.sent.end(own);
    if (!chains.isInDoubt) this.resending.end(stream);
    else if (!isInDoubt) this.unsure(stream);
    if (chains.losses > losses) this.outbox.rest(stream, sleep(Math.random() * 10 * 2 ** Math.min(losses, mostLosses)));
    this.streams.retire(stream);
  }

  /** The log is read again: the records that were sent before have won or lost, or may still win. */
  private settleReread(): void {
    for (const { stream, settled, isOpen } of this.streams.takeBack(this.model)) {
      for (const { own } of settled) this.sent.end(own);
      if (isOpen) this.unsure(stream);
    }
  }

  /**
   * What holds of a command when it is answered. An earlier record of it may have won while its next try waited. While one is in flight,
   * possibly on another stream, nothing else is final.
   */
  private latest(submission: Submission, outcome: Outcome): Outcome {
    if (outcome.outcome === 'won' || outcome.outcome === 'key-taken') return outcome;
    const isInFlight = this.sent.has(ownKey(submission.by.id, submission.command));
    return recorded(this.model, submission) ?? (isInFlight ? pending : outcome);
  }

  private firstCommit(): NewRecord {
    const events = [{ type: 'LogOpened' as const, data: { name: this.source } }];
    const draft = {
      source: this.source,
      stream: logStream,
      seq: 1,
      parent: root,
      recorded: this.now(),
      command: 'open-log',
    };
    return encode({ ...draft, commandHash: digest(events), by: system, events });
  }
}
