import { digest } from '#domain';
import {
  encode,
  LogError,
  logStream,
  root,
  type LogAppender,
  type LogReader,
  type LogRecord,
  type NewRecord,
} from '#event-log';
import { Mutex } from 'async-mutex';
import { setTimeout as sleep } from 'node:timers/promises';
import { emptyNewsroom, witness, type Newsroom } from './newsroom.js';
import { submit, type Outcome, type Submission, type Surroundings } from './submit.js';

interface Waiter {
  readonly holds: (newsroom: Newsroom) => boolean;
  readonly resolve: (held: boolean) => void;
}

/**
 * This process's view of the newsroom: it follows the log from its start, and takes submissions one at a time per
 * stream, so that a process never races itself.
 */
export class Desk implements Surroundings {
  private newsroom = emptyNewsroom;
  private nextOffset = 0;
  private readonly waiters = new Set<Waiter>();
  private readonly queues = new Map<string, Mutex>();
  private readonly stopping = new AbortController();
  /** Keys sent and not yet seen to settle. */
  private readonly pending = new Set<string>();
  ready = false;

  constructor(
    readonly source: string,
    readonly settleTimeoutMs: number,
    private readonly reader: LogReader,
    private readonly appender: LogAppender,
  ) {}

  /** Follows the log until closed; rejects with the LogError that ended it. Resolves early never: see `open`. */
  follow(): Promise<void> {
    return this.reader.read(0, async records => this.take(records), this.stopping.signal);
  }

  /** Waits until all that the log holds is known, and opens it with its first commit where it is empty. */
  async open(): Promise<void> {
    while (!(await this.caughtUp(this.settleTimeoutMs)));
    while (!this.newsroom.arbitration.genesis) {
      await this.appender.append(this.firstCommit());
      await this.until(room => room.arbitration.genesis !== undefined, this.settleTimeoutMs);
    }
    this.ready = true;
  }

  async submit(submission: Submission): Promise<Outcome> {
    const queue = this.queues.get(submission.stream) ?? new Mutex();
    this.queues.set(submission.stream, queue);
    this.pending.add(submission.command);
    const outcome = await queue.runExclusive(() => submit(submission, this));
    if (outcome.outcome !== 'pending') this.pending.delete(submission.command);
    if (!queue.isLocked()) this.queues.delete(submission.stream);
    return outcome;
  }

  isPending = (command: string): boolean => this.pending.has(command) && !this.newsroom.commands.has(command);
  view = (): Newsroom => this.newsroom;
  append = (record: NewRecord) => this.appender.append(record);
  now = (): string => new Date().toISOString();
  pause = (attempt: number): Promise<void> => sleep(Math.random() * 10 * 2 ** attempt);

  async until(holds: (newsroom: Newsroom) => boolean, timeoutMs: number): Promise<boolean> {
    if (holds(this.newsroom)) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter = { holds, resolve };
    this.waiters.add(waiter);
    const timer = setTimeout(() => resolve(false), timeoutMs);
    return promise.finally(() => {
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
    await Promise.allSettled([this.appender.close(), this.reader.close()]);
  }

  private take(records: readonly LogRecord[]): void {
    this.newsroom = records.reduce(witness, this.newsroom);
    this.nextOffset = (records.at(-1)?.offset ?? this.nextOffset - 1) + 1;
    for (const waiter of this.waiters) if (waiter.holds(this.newsroom)) waiter.resolve(true);
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
    return encode({ ...draft, commandHash: digest(events), by: { id: 'dateline' }, events });
  }
}
