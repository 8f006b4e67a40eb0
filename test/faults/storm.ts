import type { Role } from '#platform';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppName } from '../harness/app.js';
import { Client } from '../harness/client.js';
import { rawRecords } from '../harness/log.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { withRoles } from '../harness/roles.js';
import { Random } from './simulator/random.js';
import { Drafter } from './drafter.js';
import type { FaultyLine } from './faulty-line.js';
import { Follower } from './follower.js';
import { winnersOf, type Winner } from './simulator/arbiter.js';
import { Reporter, reviewed } from './reporter.js';
import type { Found, Report } from './row.js';
import { Sender } from './sender.js';
import { Slot } from './slot.js';
import {
  backWithinMs,
  unsearched,
  wrongEditors,
  wrongInPython,
  wrongOutputs,
  wrongReaders,
  wrongStreams,
  wrongTables,
} from './storm-checks.js';
import { bodiesDue, browse, keysByPosition, wrongTimelines } from './timelines.js';
import { Writers } from './writers.js';

/** A story takes 20,000 developments, so a long storm goes on in another one after so many posts. */
const postsOfStory = 15_000;
const writers = 8;
/** People who save drafts. */
const drafters = 2;
/** Readers who follow the story all the time. */
const readers = 4;
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
type Extra = 'drafts' | 'pictures' | 'secrets' | 'submissions';

/** How a storm begins. */
export interface Opening {
  /** May put lines between each process and the others. */
  readonly wire?: (name: AppName, env: Record<string, string>) => Promise<Wiring>;
  readonly env?: Record<string, string>;
  /** How the clients sign in. Default: as an editor whose token was just issued. */
  readonly authorization?: string;
  /** What nobody does meanwhile, because it does not survive the fault. */
  readonly without?: readonly Extra[];
  /** The checkout whose build all processes run at first. Default: this one. With older ones people only post. */
  readonly home?: string;
  /** Whether the row lets `supervise` start processes that end, because its fault may end them. */
  readonly supervised?: boolean;
  /** What a process says when it ends as it must under the fault of the row. It is started again. */
  readonly mayEnd?: RegExp;
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
  /** Answers to readers that no fault explains. */
  private readonly odd = new Set<string>();
  private readonly stopping = new AbortController();
  private readonly late = new AbortController();
  private readonly sender: Sender;
  private readonly submitting: Sender;
  private readonly writers: Writers;
  private readonly drafters: readonly Drafter[];
  /** Undefined if nobody submits. */
  private readonly reporter: Reporter | undefined;
  private readonly extras: readonly Extra[];
  /** Has the state of each editor-api, as in production. */
  private readonly folder = mkdtempSync(join(tmpdir(), 'dateline-states-'));
  /** Where a reader-api is, one at random; undefined while that one is down. */
  private readonly readerUrl = () => this.random.pick(this.of('reader-api')).url;

  private constructor(
    readonly newsroom: TestNewsroom,
    seed: number,
    readonly authorization: string,
    asReporter: string,
    private readonly opening: Opening,
  ) {
    const { without = [], home } = opening;
    this.random = new Random(seed);
    const editorUrl = () => this.random.pick(this.of('editor-api')).url;
    this.sender = new Sender(editorUrl, authorization);
    this.submitting = new Sender(editorUrl, asReporter);
    const storyAfter = async (posts: number) => (await this.chapter(Math.floor(posts / postsOfStory))).story;
    this.writers = new Writers(this.sender, this.random, storyAfter);
    this.isFromOther = home !== undefined;
    this.extras = (['drafts', 'pictures', 'secrets', 'submissions'] as const).filter(
      extra => !this.isFromOther && !without.includes(extra),
    );
    const late = this.late.signal;
    const people = this.extras.includes('drafts') ? drafters : 0;
    this.drafters = Array.from({ length: people }, () => new Drafter(this.sender, 'storm', late));
    if (this.extras.includes('submissions')) this.reporter = new Reporter(this.submitting, this.sender, late);
  }

  static async open(seed: number, opening: Opening = {}): Promise<Storm> {
    const { wire, env, home } = opening;
    const newsroom = await TestNewsroom.open({
      editors: 0,
      projector: false,
      reader: false,
      // One person posts everything, so a limit would leave little of the load.
      env: { SETTLE_TIMEOUT_MS: '5000', WRITES_PER_MINUTE: '0', STORY_WRITES_PER_MINUTE: '0', ...env },
      home,
    });
    let storm: Storm | undefined;
    try {
      const { authorization = `Bearer ${await newsroom.token(['editor'])}` } = opening;
      storm = new Storm(newsroom, seed, authorization, `Bearer ${await newsroom.token(['reporter'])}`, opening);
      for (const name of ['editor-api', 'projector', 'reader-api'] as const)
        for (let number = 0; number < 2; number++) {
          const state = name === 'editor-api' && { STATE_DIR: join(storm.folder, String(number)) };
          const own = { ...newsroom.envOf(name), ...state };
          const wired: Wiring = (await wire?.(name, own)) ?? { env: own };
          storm.slots.push(new Slot(name, wired.env, wired.front, home));
        }
      await Promise.all(storm.slots.map(slot => slot.start()));
      await storm.chapter(0);
      return storm;
    } catch (error) {
      await (storm ?? newsroom).close();
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
    const people = [this.sender, this.submitting, this.writers, ...this.drafters, this.reporter];
    const seen = () => [...this.wrong, ...this.odd, ...people.flatMap(one => one?.wrong ?? [])];
    try {
      const found = await this.work(faults, report);
      return { ...found, violations: [...seen(), ...found.violations] };
    } catch (error) {
      // A row that throws keeps what was found until then.
      report.violations.push(...seen());
      throw error;
    }
  }

  private async work(faults: () => Promise<number>, report: Report): Promise<Found> {
    const { signal } = this.stopping;
    const late = this.late.signal;
    const saved = Promise.all([
      ...this.drafters.map(drafter => drafter.work(signal)),
      this.reporter?.work(signal),
      ...(this.extras.includes('pictures')
        ? [this.writers.photograph(signal, late), this.writers.glance(this.readerUrl, signal)]
        : []),
    ]);
    const load = Promise.all([
      ...Array.from({ length: writers }, () => this.writers.write(signal)),
      ...(this.extras.includes('secrets') ? [this.writers.whisper(signal)] : []),
      browse(this.readerUrl, () => this.writers.latest?.story ?? 'storm', this.odd, signal),
    ]);
    // Awaited after the faults.
    for (const working of [saved, load]) working.catch(() => undefined);
    const tries = await faults();
    this.stopping.abort();
    await load;
    for (const slot of this.slots) {
      slot.app?.process.kill('SIGCONT');
      if (!slot.runs) await slot.start();
    }
    await this.checkSlots('at the end');
    await this.checkProjectors();
    report.line(`${this.writers.posts.length} posts; now all must settle`);
    const timer = setTimeout(() => this.late.abort(), settledWithinMs);
    const unsettled = await this.writers.settle(settledWithinMs);
    if (unsettled) this.wrong.push(`${unsettled} got no final answer within ${settledWithinMs} ms`);
    const isOver = await Promise.race([saved.then(() => true), sleep(2 * settledWithinMs, false, { ref: false })]);
    if (!isOver) this.wrong.push('somebody who saves drafts, submits, or posts or looks at pictures, never ended');
    clearTimeout(timer);
    const violations = await this.check();
    return { tries, violations, figures: await this.figures() };
  }

  private async figures(): Promise<Record<string, number>> {
    const { posts, shown, secret } = this.writers;
    const followers = (await Promise.all(this.chapters)).flatMap(chapter => chapter.followers);
    return {
      acknowledged: posts.length,
      retries: this.writers.retries,
      ...this.writers.figures,
      streams: followers.reduce((sum, { connections }) => sum + connections, 0),
      ...(this.extras.includes('pictures') && { pictures: shown.length }),
      ...(this.extras.includes('secrets') && { 'under embargo': secret.size }),
      ...unsearched(secret.size),
      ...(this.drafters.length > 0 && { 'drafts saved': this.drafters.reduce((sum, { saves }) => sum + saves, 0) }),
      ...(this.reporter && { submitted: this.reporter.submissions }),
    };
  }

  /** The story that people post to now. */
  get story(): string {
    return this.writers.posts.at(-1)?.story ?? 'storm';
  }

  get acknowledged(): number {
    return this.writers.acknowledged;
  }

  /** Waits until readers see every post acknowledged so far. Resolves to whether they do within the time. */
  async areReadersBack(withinMs: number): Promise<boolean> {
    const { latest } = this.writers;
    if (!latest) return true;
    const { story, position } = latest;
    return (await wrongReaders(this.of('reader-api'), story, position, this.odd, withinMs)).length === 0;
  }

  /**
   * Checks that each process works: that none ended unless it was killed, and that each editor-api takes a post, which readers see. What is wrong is
   * among the violations. Starts what ended, so that later faults disturb it too. To be called between faults.
   */
  async checkSlots(when: string, withinMs = backWithinMs): Promise<void> {
    const { supervised, mayEnd } = this.opening;
    const ended = this.slots.flatMap(slot => slot.takeEnded());
    const wrong = supervised ? [] : ended.filter(said => !mayEnd?.test(said));
    for (const slot of this.slots)
      if (!slot.runs && !supervised) await slot.start().catch((error: Error) => wrong.push(error.message));
    wrong.push(...(await this.wrongPosts(withinMs)));
    this.wrong.push(...wrong.map(text => `${when}: ${text}`));
  }

  /** Checks that each projector folds what is posted while the other one is down. */
  private async checkProjectors(): Promise<void> {
    for (const [at, projector] of this.of('projector').entries()) {
      await projector.kill();
      for (const text of await this.wrongPosts(backWithinMs)) this.wrong.push(`without projector ${at + 1}: ${text}`);
      await projector.start();
    }
  }

  /** What is wrong with posts to each editor-api, which readers must see. */
  private readonly wrongPosts = (withinMs: number): Promise<string[]> =>
    wrongEditors(this.of('editor-api'), this.of('reader-api'), this.writers, this.odd, withinMs);

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
    rmSync(this.folder, { recursive: true, force: true });
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
      const url = this.readerUrl();
      return url && new URL(`/stories/${story}/live`, url).href;
    };
    return { story, followers: Array.from({ length: readers }, () => new Follower(live, this.isFromOther)) };
  }

  /** Compares the answers with the raw topic, and what readers see with it. */
  private async check(): Promise<string[]> {
    const { posts, secret, shown } = this.writers;
    const readerApis = this.of('reader-api');
    const keys = keysByPosition(posts);
    const winners = winnersOf(await rawRecords(this.newsroom.env));
    const wrong = this.writers.wrongIn(winners);
    for (const { story, followers } of await Promise.all(this.chapters)) {
      const isShown = ({ stream, command }: Winner) => stream === `story:${story}` && !secret.has(command);
      const changes = winners.filter(isShown).map(({ position }) => position);
      wrong.push(...(await wrongReaders(readerApis, story, changes.at(-1)!, this.odd)));
      wrong.push(...(await wrongStreams(followers, changes, keys)));
      wrong.push(...(await wrongTimelines(readerApis, story, bodiesDue(posts, secret, story), this.odd, backWithinMs)));
    }
    if (this.reporter) {
      const { due, position } = this.reporter;
      wrong.push(...this.reporter.wrongIn(winners), ...(await wrongReaders(readerApis, reviewed, position, this.odd)));
      wrong.push(...(await wrongTimelines(readerApis, reviewed, due, this.odd, backWithinMs)));
    }
    wrong.push(...(await this.writers.wrongPictures(this.readerUrl, backWithinMs)));
    wrong.push(...wrongOutputs(this.slots));
    if (secret.size > 0 && withRoles()) wrong.push(...(await wrongTables(this.newsroom)));
    return [...wrong, ...(await wrongInPython(this.newsroom, shown.length))];
  }
}
