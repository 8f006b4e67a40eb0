import type { Role } from '#platform';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppName } from '../harness/app.js';
import { audit, lastLine, type Ran } from '../harness/audit.js';
import { Client } from '../harness/client.js';
import { rawRecords } from '../harness/log.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { withRoles } from '../harness/roles.js';
import { tablesWith } from '../harness/tables.js';
import { foldedInPython, python } from '../independent/run-python.js';
import { Random } from './simulator/random.js';
import { Drafter } from './drafter.js';
import type { FaultyLine } from './faulty-line.js';
import { canary, Follower } from './follower.js';
import { winnersOf, type Winner } from './simulator/arbiter.js';
import type { Found, Report } from './row.js';
import { patienceMs, Sender } from './sender.js';
import { Slot } from './slot.js';
import { Writers } from './writers.js';

/** What `verify --json` prints, as far as it is compared. */
interface Verified {
  readonly compared: { readonly tables: { readonly timeline: { readonly log: string; readonly live: string } } };
  /** Of pictures: a missing or damaged one makes `verify` fail. */
  readonly files: { readonly checked: number } | null;
}
const tailOf = ({ out, err }: Ran) => (err + out).slice(-500);

/** A story takes 20,000 developments, so a long storm goes on in another one after so many posts. */
const postsOfStory = 15_000;
const writers = 8;
/** People who save drafts. */
const drafters = 2;
/** Readers who follow the story all the time. */
const readers = 4;
/** What readers see is back this long after the last fault. On a busy machine processes take longer to start than to read. */
const backWithinMs = 120_000;
/** After the faults each command must get its final answer within this time. */
const settledWithinMs = 120_000;

/** One of the stories that all post to, one after the other, and those who follow it. */
interface Chapter {
  readonly story: string;
  readonly followers: readonly Follower[];
}

/** What stands between a process and those that it talks to. */
export interface Wiring {
  readonly env: Record<string, string>;
  readonly front?: FaultyLine;
}

/** What people do beside posting. */
type Extra = 'drafts' | 'pictures' | 'secrets';

/** How a storm begins. */
export interface Opening {
  /** May put lines between each process and the others. */
  readonly wire?: (name: AppName, env: Record<string, string>) => Promise<Wiring>;
  /** Statuses of answers that are no fault either. */
  readonly passing?: readonly number[];
  readonly env?: Record<string, string>;
  /** What nobody does meanwhile, because it does not survive the fault. */
  readonly without?: readonly Extra[];
  /** The checkout whose build all processes run at first. Default: this one. With older ones people only post. */
  readonly home?: string;
}

/** A newsroom of two of each app under load, in which a row makes things fail. */
export class Storm {
  /** The stream of the story that all post to at first. */
  readonly stream = 'story:storm';
  readonly slots: Slot[] = [];
  readonly random: Random;
  /** Whether the processes are of another version at first. */
  private readonly isFromOther: boolean;
  private readonly chapters: Promise<Chapter>[] = [];
  private readonly wrong: string[] = [];
  private readonly stopping = new AbortController();
  private readonly late = new AbortController();
  private readonly sender: Sender;
  private readonly writers: Writers;
  private readonly extras: readonly Extra[];

  private constructor(
    readonly newsroom: TestNewsroom,
    seed: number,
    readonly authorization: string,
    { passing = [], without = [], home }: Opening,
  ) {
    this.random = new Random(seed);
    this.sender = new Sender(() => this.random.pick(this.of('editor-api')).url, authorization, passing);
    const storyAfter = async (posts: number) => (await this.chapter(Math.floor(posts / postsOfStory))).story;
    this.writers = new Writers(this.sender, this.random, storyAfter);
    this.isFromOther = home !== undefined;
    this.extras = (['drafts', 'pictures', 'secrets'] as const).filter(
      extra => !this.isFromOther && !without.includes(extra),
    );
  }

  static async open(seed: number, opening: Opening = {}): Promise<Storm> {
    const { wire, env, home } = opening;
    const newsroom = await TestNewsroom.open({
      editors: 0,
      projector: false,
      reader: false,
      env: { SETTLE_TIMEOUT_MS: '5000', ...env },
      home,
    });
    const storm = new Storm(newsroom, seed, `Bearer ${await newsroom.token(['editor'])}`, opening);
    try {
      for (const name of ['editor-api', 'projector', 'reader-api'] as const)
        for (let number = 0; number < 2; number++) {
          const wired: Wiring = (await wire?.(name, newsroom.envOf(name))) ?? { env: newsroom.envOf(name) };
          storm.slots.push(new Slot(name, wired.env, wired.front, home));
        }
      await Promise.all(storm.slots.map(slot => slot.start()));
      await storm.chapter(0);
      return storm;
    } catch (error) {
      await storm.close();
      throw error;
    }
  }

  /** The processes of an app. */
  of(name: AppName): readonly Slot[] {
    return this.slots.filter(slot => slot.name === name);
  }

  /** A client of the first editor-api that runs, signed in with this role. */
  async as(role: Role): Promise<Client> {
    const { url } = this.of('editor-api').find(({ app }) => app)!;
    return new Client(url!, { Authorization: `Bearer ${await this.newsroom.token([role])}` });
  }

  /** Lets people work while `faults` runs; then ends the faults, and checks everything. */
  async during(faults: () => Promise<number>, report: Report): Promise<Found> {
    const { signal } = this.stopping;
    const people = this.extras.includes('drafts') ? drafters : 0;
    const late = this.late.signal;
    const drafting = Array.from({ length: people }, () => new Drafter(this.sender, 'storm', late));
    const saved = Promise.all([
      ...drafting.map(drafter => drafter.work(signal)),
      ...(this.extras.includes('pictures') ? [this.writers.photograph(signal, late)] : []),
    ]);
    const load = Promise.all([
      ...Array.from({ length: writers }, () => this.writers.write(signal)),
      ...(this.extras.includes('secrets') ? [this.writers.whisper(signal)] : []),
    ]);
    // Awaited after the faults.
    for (const working of [saved, load]) working.catch(() => undefined);
    const tries = await faults();
    this.stopping.abort();
    await load;
    for (const slot of this.slots) {
      slot.app?.process.kill('SIGCONT');
      if (!slot.app) await slot.start();
    }
    const { posts, shown, secret } = this.writers;
    report.line(`${posts.length} posts; now all must settle`);
    const timer = setTimeout(() => this.late.abort(), settledWithinMs);
    const unsettled = await this.writers.settle(settledWithinMs);
    if (unsettled) this.wrong.push(`${unsettled} got no final answer within ${settledWithinMs} ms`);
    await saved;
    clearTimeout(timer);
    const violations = [...(await this.check()), ...[this.writers, ...drafting].flatMap(({ wrong }) => wrong)];
    const followers = (await Promise.all(this.chapters)).flatMap(chapter => chapter.followers);
    const figures = {
      acknowledged: posts.length,
      retries: this.writers.retries,
      streams: followers.reduce((sum, { connections }) => sum + connections, 0),
      ...(this.extras.includes('pictures') && { pictures: shown.length }),
      ...(this.extras.includes('secrets') && { 'under embargo': secret.size }),
      ...(this.extras.includes('drafts') && { 'drafts saved': drafting.reduce((sum, { saves }) => sum + saves, 0) }),
    };
    return { tries, violations: [...this.sender.wrong, ...this.wrong, ...violations], figures };
  }

  get acknowledged(): number {
    return this.writers.acknowledged;
  }

  /** Waits until readers see every post acknowledged so far. Resolves to whether they do within the time. */
  async areReadersBack(withinMs: number): Promise<boolean> {
    const { latest } = this.writers;
    return !latest || (await this.wrongReaders(latest.story, latest.position, withinMs)).length === 0;
  }

  /** The streams in quarantine in the tables that readers get, in order. */
  quarantined(): Promise<string[]> {
    return this.newsroom.onDatabase(async client => {
      const { rows: live } = await client.query<{ name: string }>('select name from dateline.build where live');
      const asked = `select name from ${live[0]!.name}.stream where quarantined_at is not null order by name`;
      const { rows } = await client.query<{ name: string }>(asked);
      return rows.map(({ name }) => JSON.parse(name) as string);
    });
  }

  async close(): Promise<void> {
    this.stopping.abort();
    this.late.abort();
    for (const chapter of await Promise.allSettled(this.chapters))
      if (chapter.status === 'fulfilled') await Promise.all(chapter.value.followers.map(follower => follower.close()));
    await Promise.all(this.slots.map(slot => slot.kill()));
    await this.newsroom.close();
  }

  /** The story that all post to after so many others. Opens it if nobody has. */
  private chapter(number: number): Promise<Chapter> {
    return (this.chapters[number] ??= this.opened(number === 0 ? 'storm' : `storm-${number + 1}`));
  }

  private async opened(story: string): Promise<Chapter> {
    // Versions without teams must read it too. One person writes all.
    const begun = { id: story, title: 'Storm', zone: 'UTC', team: undefined };
    const key = randomUUID();
    const end = performance.now() + settledWithinMs;
    for (let last = 'no editor-api runs'; ; await sleep(100)) {
      if (performance.now() > end) throw new Error(`The story ${story} could not be opened: ${last}`);
      if (!this.of('editor-api').some(({ app }) => app)) continue;
      const sent = (await this.as('editor')).post('/stories', begun, { key });
      const { status, text } = await sent.catch((error: Error) => ({ status: 0, text: error.message }));
      if (status === 201) break;
      last = text;
    }
    const live = () => {
      const { url } = this.random.pick(this.of('reader-api'));
      return url && new URL(`/stories/${story}/live`, url).href;
    };
    return { story, followers: Array.from({ length: readers }, () => new Follower(live, this.isFromOther)) };
  }

  /** Compares the answers with the raw topic, and what readers see with it. */
  private async check(): Promise<string[]> {
    const winners = winnersOf(await rawRecords(this.newsroom.env));
    const wrong = this.writers.wrongIn(winners);
    for (const { story, followers } of await Promise.all(this.chapters)) {
      const isShown = ({ stream, command }: Winner) => stream === `story:${story}` && !this.writers.secret.has(command);
      const changes = winners.filter(isShown).map(({ position }) => position);
      wrong.push(...(await this.wrongReaders(story, changes.at(-1)!)));
      wrong.push(...(await wrongStreams(followers, changes)));
    }
    const readerUrl = () => this.random.pick(this.of('reader-api')).url;
    wrong.push(...(await this.writers.wrongPictures(readerUrl, backWithinMs)));
    if (this.writers.secret.size > 0 && withRoles()) wrong.push(...(await this.wrongTables()));
    return [...wrong, ...(await this.wrongInPython())];
  }

  /**
   * The arbiter and the fold in another language, which were written from the docs alone, must find the same winners in the records, and
   * the same timeline as the projector and as a rebuild from the log.
   */
  private async wrongInPython(): Promise<string[]> {
    const verified = await audit(this.newsroom, 'verify', '--json').ended;
    if (verified.code !== 0) return [`audit verify ended with ${verified.code}: ${tailOf(verified)}`];
    const folder = mkdtempSync(join(tmpdir(), 'dateline-storm-'));
    try {
      const bundle = join(folder, 'bundle');
      const exported = await audit(this.newsroom, 'export', '--all', '--to', bundle).ended;
      if (exported.code !== 0) return [`audit export ended with ${exported.code}: ${tailOf(exported)}`];
      const checked = python(bundle);
      const folded = foldedInPython(bundle);
      const { compared, files } = lastLine(verified) as Verified;
      const { log, live } = compared.tables.timeline;
      const shown = this.writers.shown.length;
      return [
        ...(2 * shown > (files?.checked ?? 0)
          ? [`audit verify read ${files?.checked ?? 0} files of ${shown} pictures`]
          : []),
        ...(checked.code === 0 ? [] : [`the arbiter in Python: ${checked.out.slice(-500)}`]),
        ...(live === folded.hash && log === folded.hash
          ? []
          : [`the timeline has the hash ${live}, rebuilt ${log}, and in Python: ${folded.out.slice(-500)}`]),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The tables in which readers can read what is under embargo. What was posted must be found in some, so that this looks where it is. */
  private async wrongTables(): Promise<string[]> {
    const { DATABASE_URL } = this.newsroom.envOf('reader-api');
    const told = await tablesWith(canary, DATABASE_URL!);
    const found = await tablesWith('The wind turns', DATABASE_URL!);
    return [
      ...told.map(name => `readers can read what is under embargo in ${name}`),
      ...(found.length > 0 ? [] : ['no table of readers has what was posted']),
    ];
  }

  private async wrongReaders(story: string, position: number, withinMs = backWithinMs): Promise<string[]> {
    const end = performance.now() + withinMs;
    const wrong: string[] = [];
    for (const { url } of this.of('reader-api')) {
      const at = async () => {
        const response = await fetch(new URL(`/stories/${story}`, url), {
          signal: AbortSignal.timeout(patienceMs),
        }).catch(() => undefined);
        return response?.ok ? ((await response.json()) as { readonly position: number }).position : 0;
      };
      let seen = await at();
      for (; seen < position && performance.now() < end; seen = await at()) await sleep(100);
      if (seen < position) wrong.push(`readers see position ${seen} of ${position} in ${story}`);
    }
    return wrong;
  }
}

/** Waits until every follower has all changes, and returns what they missed or got twice. */
async function wrongStreams(followers: readonly Follower[], changes: readonly number[]): Promise<string[]> {
  const end = performance.now() + backWithinMs;
  const last = changes.at(-1)!;
  // One that came late began after all changes.
  const isBack = () => followers.every(({ positions, from = 0 }) => (positions.at(-1) ?? from) >= last);
  while (!isBack() && performance.now() < end) await sleep(100);
  return followers.flatMap(follower => follower.wrongAgainst(changes));
}
