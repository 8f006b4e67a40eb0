import { Random } from '../simulator/random.js';
import { History } from './history.js';
import { commands, type CommandName } from './operator.js';

/** Which version of the projections a process has. They differ in the numbers of their versions, and in what they can read. */
export const editions = ['old', 'new'] as const;
export type Edition = (typeof editions)[number];

/** The projectors of a walk. */
export const projectors = { 'old 1': 'old', 'new 1': 'new', 'new 2': 'new' } as const satisfies Record<string, Edition>;
export type Place = keyof typeof projectors | 'command';
const places = Object.keys(projectors) as (keyof typeof projectors)[];

export type Step =
  | { readonly do: 'append'; readonly count: number }
  | { readonly do: 'start'; readonly of: keyof typeof projectors }
  | { readonly do: 'stop' | 'crash'; readonly of: Place }
  /** Its connection that holds a lock, or all its connections, are lost. */
  | { readonly do: 'cut'; readonly of: Place; readonly what: 'lock' | 'all' }
  | { readonly do: 'run'; readonly of: Place; readonly statements: number }
  /** Every process goes on until it waits for the log or the clock. */
  | { readonly do: 'calm' }
  | { readonly do: 'wait'; readonly ms: number }
  | {
      readonly do: 'command';
      readonly name: CommandName;
      readonly by: Edition;
      readonly pick: number;
      readonly also: boolean;
    };

export interface Plan {
  readonly seed: number;
  readonly acts: number;
  readonly batchSize: number;
  /** The number of a record that the older version cannot read, if there are so many. */
  readonly unread: number | undefined;
  /** Which version works at the end. */
  readonly last: Edition;
  readonly steps: readonly Step[];
}

/** The log of a plan. */
export const historyOf = ({ seed, acts }: Plan): History => new History(new Random(seed ^ 0x2545f491), acts);

/** Readers go from the older version to the newer one, which reads on, and an operator wants them back. */
const upgradeAndReturn = (random: Random): Step[] => [
  { do: 'start', of: 'old 1' },
  { do: 'calm' },
  { do: 'start', of: random.pick(['new 1', 'new 2']) },
  { do: 'calm' },
  { do: 'wait', ms: 1_100 },
  { do: 'calm' },
  { do: 'append', count: 1 + random.below(20) },
  { do: 'calm' },
  { do: 'command', name: 'return', by: 'old', pick: 0, also: false },
  { do: 'calm' },
];

/** What happens in the walk of a seed. */
export function planOf(seed: number): Plan {
  const random = new Random(seed);
  const acts = 20 + random.below(30);
  const plan = {
    seed,
    acts,
    batchSize: random.pick([1, 2, 5, 500]),
    unread: undefined,
    last: random.pick(editions),
    steps: [],
  };
  const { entries } = historyOf(plan);
  const takedowns = entries.flatMap(({ gone }, number) => (gone.length > 0 ? [number] : []));
  const unread = random.chance(0.5)
    ? undefined
    : random.chance(0.6) && takedowns.length > 0
      ? random.pick(takedowns)
      : 5 + random.below(entries.length - 5);
  const first: Step[] = [
    { do: 'append', count: 5 + random.below(10) },
    { do: 'start', of: random.pick(places) },
    { do: 'calm' },
  ];
  const more = Array.from({ length: 50 + random.below(40) }, () => stepOf(random));
  // What takes words down for a version that cannot read it, no version that readers go back to may undo.
  const isTakedownUnread = unread !== undefined && takedowns.includes(unread);
  if (isTakedownUnread || random.chance(0.3)) more.splice(random.below(more.length), 0, ...upgradeAndReturn(random));
  return { ...plan, unread, last: isTakedownUnread ? 'new' : plan.last, steps: [...first, ...more] };
}

function stepOf(random: Random): Step {
  const of = random.chance(0.25) ? 'command' : random.pick(places);
  const chosen = random.below(100);
  if (chosen < 34) {
    const statements = random.pick([1 + random.below(8), 5 + random.below(60), 300]);
    return { do: 'run', of, statements };
  }
  if (chosen < 44) return { do: 'calm' };
  if (chosen < 56) return { do: 'wait', ms: random.pick([300, 1_100, 5_100, 12_000]) };
  if (chosen < 68) return { do: 'append', count: 1 + random.below(4) };
  if (chosen < 80)
    return {
      do: 'command',
      name: random.pick([
        'rebuild',
        'rebuild',
        'rebuild',
        'return',
        'return',
        'return',
        ...(Object.keys(commands) as CommandName[]),
      ]),
      by: random.pick(editions),
      pick: random.below(1_000),
      also: random.chance(0.3),
    };
  if (chosen < 90) return { do: 'start', of: random.pick(places) };
  if (chosen < 93) return { do: 'stop', of };
  if (chosen < 96) return { do: 'crash', of };
  return { do: 'cut', of, what: random.pick(['lock', 'all']) };
}
