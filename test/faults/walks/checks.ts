import { projectorLock } from '#projections';
import type { WalkDatabase } from './database.js';
import type { History } from './history.js';
import type { Plan } from './plan.js';

/** The build that readers read, at a moment. */
export interface Live {
  readonly name: string;
  readonly made: string;
  /** Of its schema: a build that was dropped and made again has another one. */
  readonly schema: number;
  readonly position: number;
  readonly offset: number;
  /** Changes with each transaction that writes the build’s row. */
  readonly version: string;
  /** How often open pages were told to load every story again. */
  readonly told: number;
}

/** What readers may be moved by. */
interface Situation {
  /** On the walk’s clock. */
  readonly now: number;
  /** The versions to which an operator returns, or has returned in this step. */
  readonly returning: ReadonlySet<string>;
  /** The versions with a projector that knows that readers were on a build of its version. */
  readonly knowing: ReadonlySet<string>;
}

/** Readers may go back to another version until the one that they are on has had a projector for so long, in milliseconds. */
const heldLongMs = 15_000;

const identityOf = ({ name, schema }: Live) => `${name} ${schema}`;

/** What must hold after each step of a walk. */
export class Checks {
  readonly wrong: string[] = [];
  #live: Live | undefined;
  /** The words that a live build took down. */
  readonly #gone = new Set<string>();
  /** The builds that readers had. */
  readonly #had = new Set<string>();
  /** The versions with a projector that leads, and since when. */
  #heldSince: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly database: WalkDatabase,
    private readonly plan: Plan,
    private readonly history: History,
    /** The version that cannot read the record `unread` of the plan. */
    private readonly older: string,
  ) {}

  /** The build that readers had at the last look. */
  get live(): Live | undefined {
    return this.#live;
  }

  async look(situation: Situation): Promise<void> {
    const [live, ...others] = await this.database.live();
    if (others.length > 0) this.wrong.push(`${others.length + 1} builds are live`);
    const before = this.#live;
    this.#live = live;
    if (before && !live) this.wrong.push(`${before.name} was live, and nothing is now`);
    if (!live) return;
    if (before) this.#moved(before, live, situation);
    this.#had.add(identityOf(live));
    const held = await this.database.locked(projectorLock(''));
    this.#heldSince = new Map(held.map(made => [made, this.#heldSince.get(made) ?? situation.now]));
    if (!before || identityOf(before) !== identityOf(live) || before.version !== live.version) await this.#read(live);
  }

  /** Readers have another state, of this build or another. */
  #moved(before: Live, live: Live, { now, returning, knowing }: Situation): void {
    const [from, to] = [before, live].map(({ name, position, offset }) => `${name} at ${position} (${offset})`);
    if (live.position < before.position || live.offset < before.offset)
      this.wrong.push(`readers went back from ${from} to ${to}`);
    if (live.made === before.made) return;
    if (this.#had.has(identityOf(live)) && live.told === before.told)
      this.wrong.push(`pages were not told that readers went from ${from} to ${to}`);
    const heldMs = now - (this.#heldSince.get(before.made) ?? now);
    if (heldMs > heldLongMs && knowing.has(live.made) && !returning.has(live.made))
      this.wrong.push(`readers were taken from ${from} to ${to}, although a projector has led there for ${heldMs} ms`);
  }

  /** What is taken down or under an embargo must be in no row that readers may read. */
  async #read(live: Live): Promise<void> {
    const { name, made, position } = live;
    for (const [number, { gone, position: at = Infinity }] of this.history.entries.entries())
      if (at <= position && !(made === this.older && number === this.plan.unread))
        for (const { text } of gone) this.#gone.add(text);
    const readers = `${name} at ${position}`;
    const stored = await this.database.stored([name]);
    for (const word of stored)
      if (this.#gone.has(word)) this.wrong.push(`${readers} has ${word}, which was taken down`);
    const shown = await this.database.shown(name);
    for (const { text, shownFrom } of this.history.words)
      if (shownFrom > position && shown.has(text))
        this.wrong.push(`${readers} shows ${text}, which is under an embargo until ${shownFrom}`);
  }

  /** What must hold once nothing is left to do. */
  async atTheEnd(): Promise<void> {
    const builds = await this.database.builds();
    const due = builds.flatMap(({ name }) => [name, `${name}_at`, `${name}_by`]);
    const there = await this.database.schemas();
    const odd = [...due.filter(name => !there.includes(name)), ...there.filter(name => !due.includes(name))];
    if (odd.length > 0) this.wrong.push(`schemas without a build, or missing: ${odd.join(', ')}`);
    const left = builds.filter(({ isLive, isLeft, kept }) => !isLive && isLeft && !kept);
    if (left.length > 1) this.wrong.push(`left builds are still there: ${left.map(({ name }) => name).join(', ')}`);
    const temporary = builds.filter(
      ({ name, isLeft }) => name.startsWith('verify_') || (!isLeft && name.includes('_', 6)),
    );
    if (temporary.length > 0) this.wrong.push(`left over: ${temporary.map(({ name }) => name).join(', ')}`);
    const stored = await this.database.stored(there);
    for (const word of stored) if (this.#gone.has(word)) this.wrong.push(`a table holds ${word}, which was taken down`);
    const last = Math.max(...this.history.entries.map(({ position = 0 }) => position));
    if (this.#live?.position !== last)
      this.wrong.push(`readers are at ${this.#live?.position}, and the log is at ${last}`);
    const unsent = await this.database.unsent();
    if (unsent > 0) this.wrong.push(`${unsent} entries of the visibility log were not sent`);
  }
}
