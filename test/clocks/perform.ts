import { filledIn, type Content } from '#domain';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Client } from '../harness/client.js';
import type { TestNewsroom } from '../harness/newsroom.js';
import type { Post, StoryAsFiles } from '../../apps/demo/stories/load.js';
import { opening, registrations, requestOf, type Request } from '../../apps/demo/stories/player.js';
import { daysSince, movedContent } from './days.js';
import type { Rehearsal, Step } from './rehearsal.js';

type Recorded = NonNullable<Post['record']>;
type Act = Exclude<Step, { readers: string } | { note: string }>;

/** A rehearsal, played in a newsroom with the requests of editors' and readers' apps. */
export class Performance {
  /** Development ids by the labels of their facts, and labels by ids. */
  readonly ids = new Map<string, string>();
  readonly facts = new Map<string, string>();
  /** The noted instants, by name. */
  readonly noted = new Map<string, string>();
  /** The readers' answers at each noted instant, by its name and the path. */
  readonly answered = new Map<string, ReadonlyMap<string, Answer>>();
  /** The ids of the posted commits, by position. */
  readonly commits = new Map<number, string>();
  /** How many days after the story's own days it is played. */
  readonly days: number;
  readonly base: string;
  position = 0;

  private readonly people: Rehearsal['people'];
  private readonly records: ReadonlyMap<string, Recorded>;
  /** The commits with proposals, by the label of their fact. */
  private readonly proposed = new Map<string, string>();
  private cutOff = false;

  constructor(
    readonly newsroom: TestNewsroom,
    readonly story: StoryAsFiles,
    { people, day }: Rehearsal,
    /** Actors whose states are read each time. */
    private readonly asked: readonly string[],
  ) {
    this.people = people;
    this.days = daysSince(day, Date.now());
    this.base = `/stories/${story.story.id}`;
    this.records = new Map(story.posts.flatMap(({ fact, record }) => (record ? [[fact, record]] : [])));
  }

  /** Registers the actors before the story opens, so that they can be asked about from the start. */
  async open(): Promise<void> {
    const editor = await this.newsroom.as(['editor']);
    for (const request of [opening(this.story), ...registrations(this.story)]) await this.send(request, editor);
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.take(step);
  }

  private async take(step: Step): Promise<void> {
    if ('readers' in step) return this.reach(step.readers);
    if ('note' in step) return this.note(step.note);
    const editor = await this.newsroom.as([this.people[step.by]!], 0, step.by);
    for (const request of this.requestsOf(step)) {
      const { development, commit } = await this.send(request, editor);
      this.commits.set(this.position, commit);
      if ('propose' in step) this.proposed.set(step.of, commit);
      if (!('post' in step)) continue;
      const fact = decodeURIComponent(request.key.split('/').at(-1)!);
      this.ids.set(fact, development!);
      this.facts.set(development!, fact);
    }
  }

  private requestsOf(step: Act): Request[] {
    const story = this.story.story.id;
    const of = (post: Post) => requestOf(story, post, this.ids);
    if ('post' in step) return step.post.map(fact => of({ fact, record: this.recordOf(fact, step.as) }));
    if ('correct' in step) {
      const { correct: fact, as, wrong, reason } = step;
      const { content } = this.recordOf(fact, as);
      return [of({ fact: `${fact}/correct`, correct: { development: fact, content, wrong, reason } })];
    }
    if ('retract' in step)
      return [of({ fact: `${step.retract}/retract`, retract: { development: step.retract, reason: step.reason } })];
    if ('lift' in step) return [of({ fact: `${step.lift}/lift`, lift: { development: step.lift } })];
    return [this.betweenTwo(step)];
  }

  private betweenTwo(
    step: Exclude<Act, { post: unknown } | { correct: unknown } | { retract: unknown } | { lift: unknown }>,
  ): Request {
    const { base, ids, proposed } = this;
    if ('require' in step) return { path: `${base}/approvals`, body: { acts: step.require }, key: 'require' };
    if ('approve' in step) {
      const path = `${base}/proposals/${proposed.get(step.approve)}/approve`;
      return { path, body: {}, key: `approve/${step.approve}` };
    }
    const { propose, of, by: _, ...body } = step;
    return { path: `${base}/developments/${ids.get(of)}/propose-${propose}`, body, key: `${propose}/${of}` };
  }

  private recordOf(
    fact: string,
    { embargo, ...as }: Record<string, unknown>,
  ): Recorded & { readonly content: Content } {
    const record = this.records.get(fact)!;
    const content = movedContent({ ...filledIn(record.content), ...as }, this.days);
    return { ...record, content, ...(embargo ? { embargo: true } : {}) };
  }

  private async send({ path, body, key }: Request, editor: Client): Promise<{ development?: string; commit: string }> {
    const answer = await editor.post(path, body, { key });
    if (answer.status !== 201) throw new Error(`${key}: ${answer.text}`);
    this.position = answer.body.position;
    return answer.body;
  }

  private async reach(readers: 'cut off' | 'connected'): Promise<void> {
    this.cutOff = readers === 'cut off';
    if (this.cutOff) await this.newsroom.projector!.signal('SIGKILL');
    else await this.newsroom.startProjector();
  }

  /** Notes an instant, with pauses of a few milliseconds around it because clocks have no finer resolution. */
  private async note(name: string): Promise<void> {
    if (!this.cutOff) await this.newsroom.seen(this.position);
    await sleep(20);
    this.noted.set(name, new Date().toISOString());
    this.answered.set(name, await this.read());
    await sleep(20);
  }

  /** Reads the story and its actors' states, by path. An actor whom nothing readable names has none. */
  async read(moment: Readonly<Record<string, string>> = {}, actors = this.asked): Promise<ReadonlyMap<string, Answer>> {
    const paths = ['', '/timeline', '/actors', ...actors.map(id => `/actors/${id}`)];
    const query = (path: string) =>
      new URLSearchParams({
        ...moment,
        ...(path === '/timeline' ? { order: 'story' } : {}),
        ...(path.startsWith('/timeline') || path.startsWith('/actors/') ? { limit: '200' } : {}),
      });
    const answers = await Promise.all(
      paths.map(async path => {
        const answer = await this.newsroom.readers.get(`${this.base}${path}?${query(path)}`);
        if (answer.status === 404 && path.startsWith('/actors/')) return [];
        if (answer.status !== 200) throw new Error(`${path}?${query(path)}: ${answer.text}`);
        return [[path, answer] as const];
      }),
    );
    return new Map(answers.flat());
  }
}
