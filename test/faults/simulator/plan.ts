import { forgeries, type Forgery } from './broker.js';
import { Random } from './random.js';

/** What a client asks for. */
export const actNames = ['open', 'record', 'retract', 'pin', 'close', 'reopen'] as const;
type ActName = (typeof actNames)[number];

/** A command that a client sends, again and again until it gets an answer that is final. */
export interface Wish {
  readonly at: number;
  readonly desk: number;
  readonly by: string;
  readonly key: string;
  readonly story: string;
  readonly act: ActName;
  /** The key of the command that recorded the development that the act is about. */
  readonly on: string;
  /** Distinguishes bodies. */
  readonly words: string;
  /** Whether the client names the head that it saw. */
  readonly careful: boolean;
}

interface Crash {
  readonly of: 'desk' | 'projector';
  readonly number: number;
  /** Before which step of the scheduler. */
  readonly step: number;
  readonly downMs: number;
}

/** Everything that is decided about a simulation before it begins. */
export interface Plan {
  readonly seed: number;
  readonly desks: number;
  readonly projectors: number;
  /** Whether each projector believes that it leads. */
  readonly allLead: boolean;
  readonly settleMs: number;
  readonly batchSize: number;
  /** Whether the desks keep their state in a file. */
  readonly onDisk: boolean;
  readonly faults: {
    readonly sends: number;
    readonly stalls: number;
    readonly bounds: number;
    readonly database: number;
    readonly keys: number;
    readonly rivals: number;
  };
  readonly wishes: readonly Wish[];
  readonly crashes: readonly Crash[];
  readonly forgeries: readonly { readonly at: number; readonly kind: Forgery }[];
  readonly skews: readonly number[];
}

const day = 86_400_000;
const weights: readonly ActName[] = [
  'record',
  'record',
  'record',
  'retract',
  'pin',
  'close',
  'reopen',
  'reopen',
  'open',
];

function wishesOf(random: Random, desks: number): Wish[] {
  const stories = ['a', 'b', 'c'].slice(0, 1 + random.below(3));
  const many = 6 + random.below(30);
  const spreadMs = random.pick([2, 40, 400, 2_000]);
  const wishes: Wish[] = stories.map((story, at) => ({
    at: random.between(0, 5),
    desk: random.below(desks),
    by: 'ann',
    key: `open-${at}`,
    story,
    act: 'open',
    on: '',
    words: 'T',
    careful: false,
  }));
  for (let number = 0; number < many; number++) {
    const story = random.pick(stories);
    const recorded = wishes.filter(wish => wish.act === 'record' && wish.story === story);
    const again = wishes.length > 4 && random.chance(0.12) ? random.pick(wishes) : undefined;
    const act = random.pick(weights);
    const fresh: Wish = {
      at: 5 + random.next() * spreadMs,
      desk: random.below(desks),
      // Who opens a story leads its team, and nobody else is in it.
      by: 'ann',
      key: `k${number}`,
      story,
      act,
      on: recorded.length > 0 ? random.pick(recorded).key : 'k0',
      words: random.pick(['T', 'T', 'U']),
      careful: random.chance(0.15),
    };
    // The same command from another window, at about the same time; or the same key for another command.
    if (again && random.chance(0.8))
      wishes.push({ ...again, at: again.at + random.between(0, 20), desk: random.below(desks) });
    else if (again) wishes.push({ ...fresh, key: again.key, by: again.by, story: again.story });
    else wishes.push(fresh);
  }
  return wishes;
}

/** What happens in the simulation of this seed. */
export function planOf(seed: number): Plan {
  const random = new Random(seed);
  // One of eight is calm: then nothing may fail.
  const isCalm = random.chance(0.125);
  const often = (probability: number, most: number) =>
    !isCalm && random.chance(probability) ? random.between(0, most) : 0;
  const desks = 1 + random.below(3);
  const projectors = 1 + random.below(2);
  const crashes = isCalm ? 0 : random.pick([0, 0, 1, 2, 3]);
  return {
    seed,
    desks,
    projectors,
    allLead: projectors > 1 && random.chance(0.5),
    settleMs: random.pick([250, 1_000, 2_000]),
    batchSize: random.pick([1, 3, 1_000]),
    onDisk: random.chance(0.2),
    faults: {
      sends: often(0.6, 0.5),
      stalls: often(0.4, 0.5),
      bounds: often(0.2, 0.5),
      database: often(0.4, 0.2),
      keys: often(0.3, 0.4),
      rivals: often(0.25, 0.9),
    },
    wishes: wishesOf(random.fork(), desks),
    crashes: Array.from({ length: crashes }, () => {
      const of = random.chance(0.6) ? ('desk' as const) : ('projector' as const);
      const number = random.below(of === 'desk' ? desks : projectors);
      return { of, number, step: 5 + random.below(600), downMs: random.between(1, 1_000) };
    }),
    forgeries:
      !isCalm && random.chance(0.15)
        ? Array.from({ length: 1 + random.below(3) }, () => ({
            at: random.between(10, 500),
            kind: random.chance(0.3) ? ('unreadable' as const) : random.pick(forgeries),
          }))
        : [],
    skews: Array.from({ length: desks + projectors }, () => (random.chance(0.2) ? random.pick([-day, day]) : 0)),
  };
}

/** Whether nothing fails in it. */
export const isCalm = ({ faults, crashes, forgeries: forged }: Plan): boolean =>
  Object.values(faults).every(often => often === 0) && crashes.length === 0 && forged.length === 0;
