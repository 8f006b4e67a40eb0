import { digest, system } from '#domain';
import {
  encode,
  headOf,
  LogError,
  logStream,
  root,
  type AppendOutcome,
  type LogAppender,
  type LogReader,
  type LogRecord,
  type NewRecord,
} from '#event-log';
import { KeyStoreError, type Key, type Keys, type KeyStore } from '#keys';
import { E_TIMEOUT, Mutex, withTimeout } from 'async-mutex';
import { setTimeout as sleep } from 'node:timers/promises';
import { submit, timeLeft, type Environment, type Outcome, type Submission, type Unavailable } from './submit.js';
import { applyRecord, emptyWriteModel, ownKey, type WriteModel } from './write-model.js';

/** Gets the secret of a development that the log holds. */
export const secretOf = (store: Pick<KeyStore, 'keysOf'>, development: string): Promise<Uint8Array | Unavailable> =>
  secretIn(development, async () => (await store.keysOf([development])).get(development));

/**
 * Gets the secret that seals a new development: the one offered, or the one that an earlier try of the same command kept. The secret is
 * durable when this resolves.
 */
export const keepSecret = (
  store: Pick<KeyStore, 'keyFor'>,
  development: string,
  offered: Uint8Array,
): Promise<Uint8Array | Unavailable> => secretIn(development, () => store.keyFor(development, offered));

async function secretIn(development: string, ask: () => Promise<Key | undefined>): Promise<Uint8Array | Unavailable> {
  try {
    const key = await ask();
    if (!key) return unavailable(new KeyStoreError('key-missing', development).message);
    return 'secret' in key ? key.secret : unavailable(`The key of ${development} has been destroyed.`);
  } catch (error) {
    if (error instanceof KeyStoreError) return unavailable(error.message);
    throw error;
  }
}

const unavailable = (why: string): Unavailable => ({ outcome: 'unavailable', of: 'keys', why });

interface Waiter {
  readonly holds: (model: WriteModel) => boolean;
  readonly resolve: (held: boolean) => void;
}

/** A command that is being processed. If it has a parent, its record was sent, and may win while the parent is the head. */
interface Pending {
  /** See `ownKey`. */
  readonly own: string;
  readonly stream: string;
  readonly parent?: string | undefined;
}

/**
 * Holds this process's write model. It follows the log from its start, and takes one submission at a time per stream, so that a process
 * never races with itself.
 */
export class CommandProcessor implements Environment {
  private model = emptyWriteModel;
  private nextOffset = 0;
  private readonly waiters = new Set<Waiter>();
  private readonly queues = new Map<string, Mutex>();
  private readonly stopping = new AbortController();
  private readonly pending = new Set<Pending>();
  ready = false;

  constructor(
    readonly source: string,
    /** Time limit for the answer to a command, in milliseconds. It includes the wait for other commands on the same stream. */
    readonly settleTimeoutMs: number,
    private readonly reader: LogReader,
    private readonly appender: LogAppender,
    private readonly keys: KeyStore,
  ) {}

  /** Follows the log until closed. Never resolves before `close`. Rejects with the LogError that ended it. */
  follow(): Promise<void> {
    return this.reader.read(0, async records => this.take(records), this.stopping.signal);
  }

  /** Waits until the whole log is read. Writes the first commit if the log is empty. */
  async open(): Promise<void> {
    const { signal } = this.stopping;
    while (!(await this.caughtUp(this.settleTimeoutMs))) await sleep(100, undefined, { signal });
    while (!this.model.arbitration.genesis) {
      signal.throwIfAborted();
      await this.appender.append(this.firstCommit());
      await this.until(model => model.arbitration.genesis !== undefined, this.settleTimeoutMs);
    }
    this.ready = true;
  }

  async submit(submission: Submission): Promise<Outcome> {
    const { stream, by, command } = submission;
    const own = ownKey(by.id, command);
    const queue = this.queues.get(stream) ?? new Mutex();
    this.queues.set(stream, queue);
    const asked = { own, stream };
    this.pending.add(asked);
    try {
      const left = timeLeft(this.settleTimeoutMs);
      const inTurn = withTimeout(queue, this.settleTimeoutMs);
      return this.ifFinal(own, await inTurn.runExclusive(() => submit(submission, this, left)));
    } catch (error) {
      if (error !== E_TIMEOUT) throw error;
      return this.ifFinal(own, {
        outcome: 'unavailable',
        of: 'log',
        why: 'Too many commands are waiting for this stream.',
      });
    } finally {
      this.pending.delete(asked);
      if (!queue.isLocked() && this.queues.get(stream) === queue) this.queues.delete(stream);
    }
  }

  async append(record: NewRecord, person: string): Promise<AppendOutcome> {
    const { ce_command: command = '', ce_subject: stream = '', ce_parent: parent } = record.headers;
    const sent = { own: ownKey(person, command), stream, parent };
    this.pending.add(sent);
    const outcome = await this.appender.append(record);
    if (outcome === 'not-sent' || !this.mayWin(sent)) this.pending.delete(sent);
    return outcome;
  }

  readonly keysOf = (developments: Iterable<string>): Promise<Keys> => this.keys.keysOf(developments);
  secretOf = (development: string) => secretOf(this.keys, development);
  keepSecret = (development: string, offered: Uint8Array) => keepSecret(this.keys, development, offered);
  /** Whether this person's command may still be recorded in the log. */
  isPending(person: string, command: string): boolean {
    const own = ownKey(person, command);
    return !this.model.commands.has(own) && [...this.pending].some(pending => pending.own === own);
  }
  /** How many records of the log were read, winners and void ones. A log begins at 0 and has no gaps. */
  get recordsRead(): number {
    return this.nextOffset;
  }

  view = (): WriteModel => this.model;
  now = (): string => new Date().toISOString();
  pause = (attempt: number): Promise<void> => sleep(Math.random() * 10 * 2 ** attempt);

  async until(holds: (model: WriteModel) => boolean, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (holds(this.model)) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter = { holds, resolve };
    this.waiters.add(waiter);
    const giveUp = () => resolve(false);
    const timer = setTimeout(giveUp, timeoutMs);
    signal?.addEventListener('abort', giveUp);
    return promise.finally(() => {
      signal?.removeEventListener('abort', giveUp);
      clearTimeout(timer);
      this.waiters.delete(waiter);
    });
  }

  async caughtUp(timeoutMs: number): Promise<boolean> {
    try {
      const { next } = await this.reader.bounds();
      return await this.until(() => this.nextOffset >= next, timeoutMs);
    } catch (error) {
      if (error instanceof LogError) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.allSettled([this.appender.close(), this.reader.close(), this.keys.close()]);
  }

  private take(records: readonly LogRecord[]): void {
    this.model = records.reduce(applyRecord, this.model);
    this.nextOffset = (records.at(-1)?.offset ?? this.nextOffset - 1) + 1;
    for (const pending of this.pending) if (pending.parent && !this.mayWin(pending)) this.pending.delete(pending);
    for (const waiter of this.waiters) if (waiter.holds(this.model)) waiter.resolve(true);
  }

  private mayWin({ stream, parent }: Pending): boolean {
    return headOf(this.model.arbitration, stream).id === parent;
  }

  /** A refusal is not final while an earlier record with this key is in flight, possibly on another stream. */
  private ifFinal(own: string, outcome: Outcome): Outcome {
    const settled = outcome.outcome === 'won' || outcome.outcome === 'key-taken';
    const sent = [...this.pending].some(pending => pending.parent && pending.own === own);
    return sent && !settled ? { outcome: 'pending' } : outcome;
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
