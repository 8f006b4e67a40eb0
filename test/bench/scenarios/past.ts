import { over, type Bench, type Scenario } from '../bench.js';
import { ratioAtMost, spreadOf, type Figure, type Spread } from '../figures.js';
import { madeNewsroom } from '../made.js';
import { clocks, LongStory, momentReads, timeMap, type Clock } from '../reads.js';

/** The clock that is answered in another way than those of recording, and whose cost grows with the story. */
const happening = 'happenedBy';

/** The times of reads of the past in a long story, by each clock, compared with the same reads of the present. */
export const past: Scenario = {
  name: 'past',
  measures:
    'reads of the past, by each clock, compared with the present, in stories of 20,000 and 100,000 developments',
  async run(bench) {
    // A story takes no more posts than the first of these.
    const full = await Past.of(bench, bench.size(20_000, 2_000));
    const figures = await full.reads([happening]);
    full.close();
    const long = await Past.of(bench, bench.size(100_000, 10_000));
    figures.push(...(await long.reads(clocks)), await long.mementos());
    long.close();
    return figures;
  },
};

class Past {
  private constructor(
    private readonly bench: Bench,
    private readonly story: LongStory,
    private readonly developments: number,
  ) {}

  static async of(bench: Bench, developments: number): Promise<Past> {
    const newsroom = await madeNewsroom(bench, { commits: developments, developments });
    return new Past(bench, await LongStory.of(newsroom, developments), developments);
  }

  close(): void {
    this.story.close();
  }

  async reads(asked: readonly Clock[]): Promise<Figure[]> {
    const figures: Figure[] = [];
    for (const [what, pathOf] of Object.entries(momentReads)) {
      const present: number[] = [];
      const times = new Map<Clock, number[]>();
      for (let round = 0; round < this.bench.rounds; round++) {
        present.push(await this.present(pathOf()!));
        for (const clock of asked) {
          const path = pathOf(this.story.moment(clock));
          if (path !== undefined) times.set(clock, [...(times.get(clock) ?? []), await this.timed(path)]);
        }
      }
      const spreads = [...times].map(([clock, ms]): [string, Spread] => [clock, spreadOf(ms)]);
      for (const [clock, { median }] of spreads) this.bench.say(`${what}, ${clock}: ${median.toFixed(1)} ms`);
      const row = ([clock, product]: [string, Spread]): Figure => ({
        what: `${what}, in a story of ${this.developments.toLocaleString('en-US')}, ${clock}`,
        unit: 'ms',
        product,
        against: { name: 'present', spread: spreadOf(present) },
        target: ratioAtMost(3),
      });
      const recorded = spreads.filter(([clock]) => clock !== happening);
      if (recorded.length > 0) {
        const [slowest, spread] = recorded.reduce((one, other) => (other[1].median > one[1].median ? other : one));
        figures.push(row([`${slowest}, the slowest clock of recording`, spread]));
      }
      figures.push(...spreads.filter(([clock]) => clock === happening).map(row));
    }
    return figures;
  }

  async mementos(): Promise<Figure> {
    const [maps, pages]: number[][] = [[], []];
    for (let round = 0; round < this.bench.rounds; round++) {
      maps!.push(await this.present(timeMap));
      pages!.push(await this.present(momentReads['timeline page']!()!));
    }
    return {
      what: 'list of mementos, in the same story',
      unit: 'ms',
      product: over(maps!, ms => ms),
      against: { name: 'timeline page', spread: over(pages!, ms => ms) },
      target: ratioAtMost(3),
    };
  }

  private async present(path: string): Promise<number> {
    await this.story.touch();
    return this.timed(path);
  }

  /** A failed read has no meaningful time, so it counts as infinite. */
  private async timed(path: string): Promise<number> {
    const { status, ms, body } = await this.story.reader.get(path);
    if (status === 200) return ms;
    this.bench.say(`${path} was answered ${status}: ${body.toString().slice(0, 200)}`);
    return Infinity;
  }
}
