import { over, type Bench, type Scenario } from '../bench.js';
import { ratioAtMost, spreadOf, type Figure, type Spread } from '../figures.js';
import { madeNewsroom } from '../made.js';
import { clocks, LongStory, momentReads, timeMap } from '../reads.js';

/** The times of reads of the past in a long story, by each clock, compared with the same reads of the present. */
export const past: Scenario = {
  name: 'past',
  measures:
    'reads of the past, by each clock, compared with the present, in stories of 20,000 and 100,000 developments',
  async run(bench) {
    // A story takes no more posts than the first of these. Beside it only the clock whose cost grows with the story is of interest.
    const full = await measured(bench, bench.size(20_000, 2_000));
    const long = await measured(bench, bench.size(100_000, 10_000));
    return [...full.filter(({ what }) => what.endsWith(happening)), ...long];
  },
};

const happening = 'happenedBy';

async function measured(bench: Bench, developments: number): Promise<Figure[]> {
  const newsroom = await madeNewsroom(bench, { commits: developments, developments });
  const long = await LongStory.of(newsroom, developments);
  // A failed read has no meaningful time, so it counts as infinite.
  const timed = async (path: string) => {
    const { status, ms, body } = await long.reader.get(path);
    if (status === 200) return ms;
    bench.say(`${path} was answered ${status}: ${body.toString().slice(0, 200)}`);
    return Infinity;
  };
  const presentOf = async (path: string) => {
    await long.touch();
    return timed(path);
  };
  const figures: Figure[] = [];
  for (const [what, pathOf] of Object.entries(momentReads)) {
    const present: number[] = [];
    const times = new Map<string, number[]>();
    for (let round = 0; round < bench.rounds; round++) {
      present.push(await presentOf(pathOf()!));
      for (const clock of clocks) {
        const path = pathOf(long.moment(clock));
        if (path !== undefined) times.set(clock, [...(times.get(clock) ?? []), await timed(path)]);
      }
    }
    const spreads = [...times].map(([clock, ms]): [string, Spread] => [clock, spreadOf(ms)]);
    for (const [clock, { median }] of spreads) bench.say(`${what}, ${clock}: ${median.toFixed(1)} ms`);
    const against = { name: 'present', spread: spreadOf(present) };
    const row = (clock: string, product: Spread): Figure => ({
      what: `${what}, in a story of ${developments.toLocaleString('en-US')}, ${clock}`,
      unit: 'ms',
      product,
      against,
      target: ratioAtMost(3),
    });
    // `happenedBy` is answered in another way than the clocks of recording, so it has its own row.
    const recorded = spreads.filter(([clock]) => clock !== happening);
    const [slowest, spread] = recorded.reduce((one, other) => (other[1].median > one[1].median ? other : one));
    figures.push(row(`${slowest}, the slowest clock of recording`, spread));
    for (const [clock, spread] of spreads) if (clock === happening) figures.push(row(clock, spread));
  }
  const [maps, pages]: number[][] = [[], []];
  for (let round = 0; round < bench.rounds; round++) {
    maps!.push(await presentOf(timeMap));
    pages!.push(await presentOf(momentReads['timeline page']!()!));
  }
  long.close();
  figures.push({
    what: 'list of mementos, in the same story',
    unit: 'ms',
    product: over(maps!, ms => ms),
    against: { name: 'timeline page', spread: over(pages!, ms => ms) },
    target: ratioAtMost(3),
  });
  return figures;
}
