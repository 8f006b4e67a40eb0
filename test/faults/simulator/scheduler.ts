import { AsyncLocalStorage } from 'node:async_hooks';
import { Random } from './random.js';

/** A simulated process. Nothing that it waits for happens after its crash. */
export interface Owner {
  readonly name: string;
  isAlive: boolean;
  /** How far its clock is ahead, in milliseconds. */
  readonly skewMs: number;
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly owner: Owner;
  readonly run: () => void;
}

const native = { setImmediate, clearTimeout, clearImmediate, Date, now: performance.now.bind(performance) };
const owners = new AsyncLocalStorage<Owner>();
/** The owner of what belongs to no simulated process, such as the network and the clients. */
export const world: Owner = { name: 'world', isAlive: true, skewMs: 0 };
/** The process whose code runs now. */
export const ownerNow = (): Owner => owners.getStore() ?? world;
/** Runs code as part of a process: the timers that it sets, also later, end with the process. */
export const runAs = <T>(owner: Owner, run: () => T): T => owners.run(owner, run);

/** Milliseconds on the real clock. */
export const realNow = (): number => native.now();

/** Runs everything that waits, one thing at a time, in the order of a virtual clock, which jumps from one event to the next. */
export class Scheduler {
  now = 0;
  steps = 0;
  /** Called before each event: the place for a crash. */
  onStep: () => void = () => undefined;
  #order = 0;
  #due: Due[] = [];

  constructor(readonly random: Random) {}

  /** Runs it after this many virtual milliseconds, unless its owner has crashed. Returns what cancels it. */
  after(ms: number, run: () => void, owner = ownerNow()): () => void {
    const due: Due = { at: this.now + Math.max(0, ms), order: this.#order++, owner, run };
    this.#insert(due);
    return () => {
      const at = this.#due.indexOf(due);
      if (at >= 0) this.#due.splice(at, 1);
    };
  }

  sleep(ms: number, owner = ownerNow()): Promise<void> {
    return new Promise(resolve => void this.after(ms, resolve, owner));
  }

  /** Runs events until the promise settles. Rejects where nothing is left to run, or the virtual time is over. */
  async runUntil<T>(done: Promise<T>, limitMs: number): Promise<T> {
    let isOver = false;
    const end = () => (isOver = true);
    done.then(end, end);
    const until = this.now + limitMs;
    await turn();
    while (!isOver) {
      const due = this.#due.shift();
      if (!due) throw new Error('Nothing is left that could happen, and something still waits.');
      if (!due.owner.isAlive) continue;
      if (due.at > until) throw new Error(`Not over after ${limitMs} virtual milliseconds.`);
      this.now = due.at;
      this.steps++;
      this.onStep();
      if (due.owner.isAlive) owners.run(due.owner, due.run);
      await turn();
    }
    return done;
  }

  #insert(due: Due): void {
    let [low, high] = [0, this.#due.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#due[middle]!.at <= due.at) low = middle + 1;
      else high = middle;
    }
    this.#due.splice(low, 0, due);
  }
}

/** Resolves when all that could go on has gone on. */
const turn = () => new Promise<void>(resolve => void native.setImmediate(resolve));

let scheduler = new Scheduler(new Random(0));
/** The scheduler of the seed that runs now. */
export const current = (): Scheduler => scheduler;
/** Begins another simulation. */
export function begin(random: Random): Scheduler {
  scheduler = new Scheduler(random);
  return scheduler;
}

class Timer {
  constructor(readonly cancel: () => void) {}
  unref = () => this;
  ref = () => this;
  hasRef = () => true;
}
const cancel = (timer: unknown, otherwise: (timer: never) => void) =>
  timer instanceof Timer ? timer.cancel() : otherwise(timer as never);
/** The day on which each simulation begins. */
const epoch = native.Date.UTC(2026, 0, 31, 18);
const clock = () => epoch + scheduler.now + ownerNow().skewMs;

/** Replaces the clock, the timers and the random numbers of this whole process. */
export function takeOverTime(): void {
  class SimulatedDate extends native.Date {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [clock()] : given) as [number]));
    }
    static override now = () => Math.floor(clock());
  }
  Object.assign(globalThis, {
    setTimeout: (run: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) =>
      new Timer(scheduler.after(Math.max(1, ms), () => run(...given))),
    setImmediate: (run: (...given: unknown[]) => void, ...given: unknown[]) =>
      new Timer(scheduler.after(0, () => run(...given))),
    clearTimeout: (timer: unknown) => cancel(timer, native.clearTimeout),
    clearImmediate: (timer: unknown) => cancel(timer, native.clearImmediate),
    Date: SimulatedDate,
  });
  Math.random = () => scheduler.random.next();
  Object.defineProperty(performance, 'now', { value: () => scheduler.now, configurable: true });
}
