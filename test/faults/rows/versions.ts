import { buildName, projections } from '#projections';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppName } from '../../harness/app.js';
import { auditOf, succeeds } from '../../harness/audit.js';
import { NewerStory, readsUpdates } from '../newer.js';
import { builtVersion, frozenVersions } from '../older.js';
import type { Found, Report, Row } from '../row.js';
import { Storm } from '../storm.js';

/** How long old and new processes run beside each other after each step. */
const besideMs = { short: 2_000, long: 10_000 };
const backWithinMs = 60_000;
const swappedWithinMs = 120_000;
const here = process.cwd();

/** A newsroom whose processes are replaced one by one, by those of a newer version and back. */
class Rolling {
  readonly wrong: string[] = [];
  steps = 0;

  constructor(
    private readonly storm: Storm,
    private readonly old: string,
    private readonly report: Report,
  ) {}

  /** In the order of docs/operate.md, "Upgrades". `left`: readers left the new version's build, and it is still there. */
  async up({ left = false } = {}): Promise<void> {
    await this.#step('prepare of the new version', () => this.storm.newsroom.prepareBy(here));
    await this.#replace('projector', here, 0);
    // Until then only an old projector brings readers anything. A build that they left is live again when no old projector runs.
    if (!left) await this.#live(true);
    await this.#replace('projector', here, 1);
    await this.#live(true);
    for (const name of ['reader-api', 'editor-api'] as const)
      for (const number of [0, 1]) await this.#replace(name, here, number);
  }

  /** The other way round, which is "Back" on the same page. */
  async back(): Promise<void> {
    for (const name of ['editor-api', 'reader-api'] as const)
      for (const number of [0, 1]) await this.#replace(name, this.old, number);
    await this.#replace('projector', this.old, 0);
    await this.#step('readers return to the old build', () =>
      succeeds(auditOf(this.old, this.storm.newsroom, 'builds', '--return')),
    );
    await this.#replace('projector', this.old, 1);
    await this.#live(false);
  }

  async #replace(name: AppName, home: string, number: number): Promise<void> {
    const which = home === here ? 'new' : 'old';
    await this.#step(`${number + 1} of 2 ${name}s is ${which}`, () => this.storm.of(name)[number]!.replace(home));
  }

  async #step(text: string, run: () => Promise<unknown>): Promise<void> {
    if (this.report.signal.aborted) return;
    const before = this.storm.acknowledged;
    await run();
    await sleep(besideMs[this.report.scale]);
    if (!(await this.#areReadersBack()) && !this.report.signal.aborted) this.wrong.push(`readers were late: ${text}`);
    // A version that cannot read the story refuses to post there, as it must.
    if (readsUpdates(this.old)) await this.storm.checkSlots(text, backWithinMs);
    this.steps++;
    this.report.line(`${text}; ${this.storm.acknowledged - before} posts acknowledged meanwhile`);
  }

  /** Whether readers see every post in time, or the story is in quarantine, as it must in a version that cannot read it. */
  async #areReadersBack(): Promise<boolean> {
    if (readsUpdates(this.old)) return this.storm.areReadersBack(backWithinMs);
    for (const end = performance.now() + backWithinMs; performance.now() < end;) {
      if (await this.storm.areReadersBack(1_000)) return true;
      if ((await this.storm.quarantined()).includes(this.storm.stream)) return true;
    }
    return false;
  }

  /** Waits until readers get the build of the new version, or the old one's. */
  async #live(isNew: boolean): Promise<void> {
    const asked = 'select made from dateline.build where live';
    for (const end = performance.now() + swappedWithinMs; performance.now() < end; await sleep(200)) {
      const { rows } = await this.storm.newsroom.onDatabase(client => client.query<{ made: string }>(asked));
      if ((rows[0]?.made === buildName(projections)) === isNew || this.report.signal.aborted) return;
    }
    this.wrong.push(`readers never got the tables of the ${isNew ? 'new' : 'old'} version`);
  }
}

/** What is wrong goes to the report, also if this throws. No try is one that was interrupted in the middle. */
async function overVersion(commit: string, old: string, report: Report): Promise<Found> {
  const storm = await Storm.open(report.seed, { home: old });
  const rolling = new Rolling(storm, old, report);
  const newer = new NewerStory(storm);
  const { signal, violations } = report;
  const check = async (wrong: () => Promise<string[]>) => rolling.wrong.push(...(await wrong()));
  const steps = [
    () => rolling.up(),
    () => newer.write(),
    () => rolling.back(),
    () => check(() => newer.wrongInOld(old)),
    () => rolling.up({ left: true }),
    () => check(newer.wrongInNew),
    () => rolling.back(),
    // It drops the build that readers left, so that the new version makes it again.
    () => newer.takeDown(),
    () => rolling.up(),
    () => check(newer.wrongInNew),
  ];
  try {
    const found = await storm.during(async () => {
      for (const step of steps) {
        if (signal.aborted) return 0;
        await step();
      }
      return 1;
    }, report);
    // With old and new processes side by side the tables need not be equal.
    if (found.tries > 0) rolling.wrong.push(...found.violations);
    return { ...found, figures: { 'processes replaced': rolling.steps, ...found.figures } };
  } finally {
    violations.push(...rolling.wrong.map(text => `${commit}: ${text}`));
    await storm.close();
  }
}

export const versions: Row = {
  name: 'versions',
  fault:
    'two editor-apis, two projectors and two reader-apis of an older version replaced one by one by this one, back, and again, under load with keys and retries',
  invariant:
    'old and new processes post to one story side by side: each acknowledged post is in the log once, where its author was told; streams have no gap and nothing twice; what the old ones cannot read is in quarantine, never skipped; verify says EQUAL',
  unit: 'version',
  short: 1,
  long: 5,
  needsServers: true,
  run: async (tries, report): Promise<Found> => {
    // All are built before the first try, so that a build that fails or is interrupted takes no result with it.
    const homes = new Map<string, string>();
    const first = report.seed - 1;
    for (const commit of frozenVersions().slice(first, first + tries))
      homes.set(commit, await builtVersion(commit, report));
    const all: Found[] = [];
    for (const [commit, old] of homes) {
      const found = await overVersion(commit, old, report).catch((error: unknown) => {
        // One that is interrupted is no try, and those before it count.
        if (report.signal.aborted) return undefined;
        throw error;
      });
      if (found) all.push(found);
      if (report.signal.aborted) break;
    }
    const figures: Record<string, number> = {};
    for (const found of all)
      for (const [name, value] of Object.entries(found.figures ?? {})) figures[name] = (figures[name] ?? 0) + value;
    return { tries: all.reduce((sum, found) => sum + found.tries, 0), violations: report.violations, figures };
  },
};
