import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';

// Processes of a walk share one real process. Each statement that one of them sends waits until the walk gives it a turn, each timer until
// the walk's clock has come so far, and each answer until the next turn. So the walk decides alone what happens in which order.

const native = {
  query: pg.Client.prototype.query as (this: pg.Client, ...given: unknown[]) => unknown,
  connect: pg.Client.prototype.connect as (this: pg.Client, ...given: unknown[]) => unknown,
  end: pg.Client.prototype.end as (this: pg.Client, ...given: unknown[]) => unknown,
  now: performance.now.bind(performance),
};
const owners = new AsyncLocalStorage<Process>();

/** Milliseconds on the real clock. */
export const realNow = (): number => native.now();
/** After so many milliseconds without an answer it is worth asking the server whether a statement waits for a lock. */
const lookAgainMs = 20;
const turn = () => new Promise<void>(resolve => void setImmediate(resolve));
const pause = (ms: number) => new Promise<void>(resolve => void setTimeout(resolve, ms));

interface Due {
  readonly at: number;
  readonly owner: Process;
  readonly run: () => void;
  isCancelled: boolean;
}

/** The clock of all processes of a walk. It stands while they work. */
export class Clock {
  now = 0;
  #due: Due[] = [];

  after(ms: number, owner: Process, run: () => void): () => void {
    const due: Due = { at: this.now + ms, owner, run, isCancelled: false };
    this.#due.push(due);
    return () => (due.isCancelled = true);
  }

  /** What is due by then happens in the next turn of its process, in order. */
  advance(ms: number): void {
    this.now += ms;
    const over = this.#due.filter(({ at }) => at <= this.now).toSorted((one, other) => one.at - other.at);
    this.#due = this.#due.filter(({ at, isCancelled }) => at > this.now && !isCancelled);
    for (const due of over) due.owner.take(() => due.isCancelled || due.run());
  }
}

let clock = new Clock();
/** Begins another walk at 0. */
export const beginClock = (): Clock => (clock = new Clock());

/** A timer of the process whose code runs now; what belongs to no process waits for the real clock. Returns what cancels it. */
export function after(ms: number, run: () => void): () => void {
  const owner = owners.getStore();
  if (!owner) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  }
  owner.stirred++;
  return clock.after(ms, owner, run);
}

interface Statement {
  readonly client: pg.Client;
  readonly text: string;
  send(): void;
}

const textOf = (asked: unknown) => (typeof asked === 'string' ? asked : ((asked as { text?: string }).text ?? ''));
const applicationOf = (client: pg.Client) =>
  (client as unknown as { connectionParameters: { application_name?: string } }).connectionParameters
    .application_name ?? '';
const streamOf = (client: pg.Client) =>
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;
const pidOf = (client: pg.Client) => (client as unknown as { processID: number | null }).processID;

/** Looks at the server from outside of the walk. */
export interface Observer {
  /** Those of these sessions that wait for a lock of another one. */
  waiting(sessions: readonly number[]): Promise<ReadonlySet<number>>;
  /** Ends these sessions, and waits until they have ended. */
  end(sessions: readonly number[]): Promise<void>;
}

/** How a turn ended: nothing is left to do, all that is sent waits for another process’s lock, or the statements are used up. */
export type Ended = 'idle' | 'blocked' | 'used';

/** A process of the walk. */
export class Process {
  isAlive = true;
  /** Grows whenever it begins something. */
  stirred = 0;
  #busy = 0;
  #onAnswer: () => void = () => undefined;
  readonly #clients = new Set<pg.Client>();
  /** Sessions that it has ended, and that the server may not have ended yet. */
  #left: number[] = [];
  /** Clients that wait for locks for a short time only. */
  readonly #hasty = new Set<pg.Client>();
  #waiting: Statement[] = [];
  #takings: (() => void)[] = [];
  readonly #flying = new Map<number, { readonly client: pg.Client; readonly answered?: () => void }>();

  constructor(private readonly observer: Observer) {}

  /** Runs code as this process. */
  begin<T>(run: () => T): T {
    return owners.run(this, run);
  }

  /** Does it in the next turn. */
  take(run: () => void): void {
    if (this.isAlive) this.#takings.push(run);
  }

  /** Lets the process send so many statements, and do all else. */
  async run(statements: number): Promise<Ended> {
    let left = statements;
    for (;;) {
      await this.#still();
      while (this.#waiting.length > 0 && left > 0) {
        left--;
        this.#waiting.shift()!.send();
      }
      const isBlocked = !(await this.#answered());
      const answers = this.#answers();
      if (answers.length + this.#takings.length > 0) {
        if (left === 0) return 'used';
        for (const [order] of answers) this.#flying.delete(order);
        const all = [...answers.map(([, { answered }]) => answered!), ...this.#takings.splice(0)];
        for (const each of all) each();
      } else if (this.#waiting.length > 0) return 'used';
      else return isBlocked ? 'blocked' : 'idle';
    }
  }

  /** Ends the process at once: nothing that it waits for happens any more. */
  async kill(): Promise<void> {
    // A connection that has just begun has no listeners yet.
    await this.#still();
    this.isAlive = false;
    [this.#waiting, this.#takings] = [[], []];
    await this.#hangUp([...this.#clients]);
    await this.observer.end(this.#left.splice(0));
  }

  /** Cuts the connections whose names begin so. */
  async cut(application: string): Promise<void> {
    await this.#still();
    await this.#hangUp([...this.#clients].filter(client => applicationOf(client).startsWith(application)));
  }

  connecting(client: pg.Client, begin: (done: () => void) => void): void {
    if (!this.isAlive) return;
    this.#busy++;
    this.#clients.add(client);
    client.once('end', () => {
      this.#clients.delete(client);
      this.#left.push(pidOf(client) ?? 0);
    });
    begin(() => this.#busy--);
  }

  ending(client: pg.Client): void {
    this.stirred++;
    if (!this.#clients.has(client) || [...this.#flying.values()].some(one => one.client === client && !one.answered))
      return;
    this.#busy++;
    client.once('end', () => this.#busy--);
  }

  /** A statement that it wants to send. */
  enter<T>(client: pg.Client, asked: unknown, send: () => Promise<T>): Promise<T> {
    this.stirred++;
    return new Promise((resolve, reject) => {
      if (!this.isAlive) return;
      const text = textOf(asked);
      const order = this.stirred;
      const fly = () => {
        if (/lock_timeout (=|to)/.test(text)) this.#hasty.add(client);
        if (/^(commit|rollback)/i.test(text)) this.#hasty.delete(client);
        this.#flying.set(order, { client });
        const answer = (answered: () => void) => {
          this.#flying.set(order, { client, answered });
          this.#onAnswer();
        };
        send().then(
          found => answer(() => resolve(found)),
          (error: Error) => answer(() => reject(error)),
        );
      };
      this.#waiting.push({ client, text, send: fly });
    });
  }

  #answers = () => [...this.#flying].filter(([, { answered }]) => answered).toSorted(([one], [other]) => one - other);

  /** Waits until its code can go no further without an answer, a timer or a turn. */
  async #still(): Promise<void> {
    for (let before = -1; before !== this.stirred || this.#busy > 0;) {
      before = this.stirred;
      for (let turns = 0; turns < 5; turns++) await turn();
      if (this.#busy > 0) await pause(1);
    }
    await this.observer.end(this.#left.splice(0));
  }

  /** Waits until each statement that was sent has its answer. Resolves to false if all others wait for another session’s lock. */
  async #answered(): Promise<boolean> {
    const open = () => [...this.#flying.values()].flatMap(({ client, answered }) => (answered ? [] : [client]));
    while (open().length > 0) {
      if (await this.#nextAnswer()) continue;
      const waiting = await this.observer.waiting(open().flatMap(client => pidOf(client) ?? []));
      const isWaiting = (client: pg.Client) => waiting.has(pidOf(client) ?? 0) && !this.#hasty.has(client);
      if (open().length > 0 && open().every(isWaiting)) return false;
    }
    return true;
  }

  /** Resolves to false if no answer comes for a while. */
  #nextAnswer(): Promise<boolean> {
    return new Promise(resolve => {
      const timer = setTimeout(() => resolve(false), lookAgainMs);
      this.#onAnswer = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  async #hangUp(clients: readonly pg.Client[]): Promise<void> {
    for (const client of clients) streamOf(client).destroy();
    await this.observer.end(clients.flatMap(client => pidOf(client) ?? []));
  }
}

/** A statement without the limits that the server's own clock would keep while a process waits for its turn. */
const unhurried = ([asked, ...others]: readonly unknown[]): unknown[] => [
  typeof asked === 'string'
    ? asked
        .replace(/(idle_in_transaction_session_timeout) = '\w+'/, '$1 = 0')
        .replace(/('idle_session_timeout'), [$]2/, "$1, left($2, 0) || '0'")
    : asked,
  ...others,
];

/** Replaces the clock of this whole process, and has each connection to Postgres wait for the turns of its process. */
export function takeOver(): void {
  Object.defineProperty(performance, 'now', { value: () => clock.now, configurable: true });
  const client = pg.Client.prototype as unknown as Record<
    'query' | 'connect' | 'end',
    (...given: unknown[]) => unknown
  >;
  client.query = function (this: pg.Client, ...given: unknown[]): unknown {
    const owner = owners.getStore();
    if (!owner) return native.query.apply(this, given);
    const at = given.findIndex(each => typeof each === 'function');
    const asked = unhurried(at < 0 ? given : given.slice(0, at));
    const outcome = owner.enter(this, asked[0], () => native.query.apply(this, asked) as Promise<unknown>);
    if (at < 0) return outcome;
    const callback = given[at] as (error: Error | undefined, found?: unknown) => void;
    outcome.then(
      found => callback(undefined, found),
      (error: Error) => callback(error),
    );
    return undefined;
  };
  client.connect = function (this: pg.Client, ...given: unknown[]): unknown {
    const owner = owners.getStore();
    if (!owner) return native.connect.apply(this, given);
    const callback = given.find(each => typeof each === 'function') as ((error?: Error) => void) | undefined;
    const outcome = new Promise<pg.Client>((resolve, reject) => {
      owner.connecting(this, done => {
        native.connect.call(this, (error: Error | undefined) => {
          done();
          if (!owner.isAlive) return;
          if (callback) callback(error);
          else if (error) reject(error);
          else resolve(this);
        });
      });
    });
    return callback ? undefined : outcome;
  };
  client.end = function (this: pg.Client, ...given: unknown[]): unknown {
    owners.getStore()?.ending(this);
    return native.end.apply(this, given);
  };
}
