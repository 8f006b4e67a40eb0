import { setTimeout as sleep } from 'node:timers/promises';
import type { TestNewsroom } from '../harness/newsroom.js';
import { spreadOf, type Figure, type Spread } from './figures.js';

/** A measurement of `npm run bench`. */
export interface Scenario {
  readonly name: string;
  /** One line, for `--help`. */
  readonly measures: string;
  readonly run: (bench: Bench) => Promise<readonly Figure[]>;
}

/** The size of a run: `full` as the targets require, `quick` for a first impression, `tiny` only to check that each scenario runs. */
export type Scale = 'full' | 'quick' | 'tiny';

/** The longest logs of each scale, in commits. */
const longest: Record<Scale, number> = { full: 1_000_000, quick: 100_000, tiny: 10_000 };

/** The state that scenarios share in one run: the size, and newsrooms that take long to make. */
export class Bench {
  private readonly kept = new Map<string, Promise<TestNewsroom>>();

  constructor(
    private readonly scale: Scale,
    /** How many times each side is measured, in turns. */
    readonly rounds: number,
    readonly say: (line: string) => void,
  ) {}

  /** The size to use: `full` or `quick`, and a tenth of `quick` in a tiny run. */
  size(full: number, quick: number): number {
    if (this.scale === 'full') return full;
    return this.scale === 'quick' ? quick : Math.max(1, Math.round(quick / 10));
  }

  /** The lengths of logs, in commits, that are not too long for a run of this scale. */
  lengths(all: readonly number[]): number[] {
    return all.filter(commits => commits <= longest[this.scale]);
  }

  /** A newsroom that several scenarios use. It is made once and closed at the end of the run. */
  newsroom(name: string, make: () => Promise<TestNewsroom>): Promise<TestNewsroom> {
    const before = this.kept.get(name);
    if (before) return before;
    const made = make();
    this.kept.set(name, made);
    return made;
  }

  async close(): Promise<void> {
    const newsrooms = await Promise.allSettled(this.kept.values());
    for (const opened of newsrooms) if (opened.status === 'fulfilled') await opened.value.close();
    this.kept.clear();
  }
}

const pauseMs = 200;

/**
 * Measures the sides in turns: each side once per round, and in reverse order in every second round, so that other load on the machine
 * affects all sides alike. Returns the measurements of each side, one per round.
 */
export async function inTurns<Side extends string, Measured>(
  rounds: number,
  sides: Readonly<Record<Side, () => Promise<Measured>>>,
): Promise<Record<Side, Measured[]>> {
  const names = Object.keys(sides) as Side[];
  const measured = Object.fromEntries(names.map(name => [name, []])) as unknown as Record<Side, Measured[]>;
  for (let round = 0; round < rounds; round++)
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      measured[name].push(await sides[name]());
      await sleep(pauseMs);
    }
  return measured;
}

/** The spread of one aspect over the rounds. */
export const over = <Measured>(rounds: readonly Measured[], aspect: (of: Measured) => number): Spread =>
  spreadOf(rounds.map(aspect));
