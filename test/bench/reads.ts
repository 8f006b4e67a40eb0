import { pathTo } from '#client';
import type { TestNewsroom } from '../harness/newsroom.js';
import { BareClient, expectStatus } from './client.js';
import { actors, madeDevelopment, madeStory, recordedAt } from './made-log.js';
import { editorOf } from './posts.js';

/** The clocks by which the past can be read. */
export const clocks = ['position', 'knownAt', 'visibleAt', 'happenedBy'] as const;
export type Clock = (typeof clocks)[number];

/** A moment: one of the clocks, and its value. */
export interface Moment {
  readonly clock: Clock;
  readonly value: string;
}
/** The path of a read of the present or of a moment; undefined if the read does not support that clock. */
type PathOf = (moment?: Moment) => string | undefined;

const story = madeStory(0);
const early = madeDevelopment(0, 10);
const actor = actors[3]!;

const asOf =
  (...path: readonly string[]): PathOf =>
  moment =>
    pathTo(...path) + (moment ? `?${new URLSearchParams({ [moment.clock]: moment.value })}` : '');
/** Pages have shorter names for the clocks, and a parameter `at`. */
const clocksOfPages: Partial<Record<Clock, string>> = {
  knownAt: 'known',
  visibleAt: 'visible',
  happenedBy: 'happened',
};
const page =
  (now: string, then = now): PathOf =>
  moment => {
    if (!moment) return now;
    const clock = clocksOfPages[moment.clock];
    return clock && `${then}?${new URLSearchParams({ clock, at: moment.value })}`;
  };

/** The reads of a story that support past moments, by their names. */
export const momentReads: Readonly<Record<string, PathOf>> = {
  'timeline page': asOf('stories', story, 'timeline'),
  story: asOf('stories', story),
  entry: asOf('stories', story, 'timeline', early),
  actors: asOf('stories', story, 'actors'),
  'an actor’s cells': asOf('stories', story, 'actors', actor),
  'development’s page': page(pathTo('s', story, 'd', early)),
  'actor’s page': page(pathTo('s', story, 'actors', actor)),
  'story’s page, time machine': page(pathTo('s', story), pathTo('s', story, 'history')),
};
/** The list of mementos. It has no past state. */
export const timeMap = pathTo('stories', story, 'timemap', 'timeline');

/** Reads one long made story. No answer comes from the cache, because each read is of another moment or follows a change. */
export class LongStory {
  private changes = 0;

  private constructor(
    private readonly newsroom: TestNewsroom,
    private readonly developments: number,
    private readonly editor: BareClient,
    readonly reader: BareClient,
    /** Instants at which readers could first see a position, in order. */
    private readonly visible: readonly string[],
  ) {}

  static async of(newsroom: TestNewsroom, developments: number): Promise<LongStory> {
    const sql = 'select distinct at from dateline.visibility order by at';
    const { rows } = await newsroom.onDatabase(client => client.query<{ at: string }>(sql));
    const [editor, reader] = [await editorOf(newsroom), new BareClient(newsroom.reader!.url)];
    const seen = rows.map(({ at }) => new Date(at).toISOString());
    return new LongStory(newsroom, developments, editor, reader, seen);
  }

  /** Changes the story, and waits until readers see the change. */
  async touch(): Promise<void> {
    const act = this.changes++ % 2 === 0 ? 'mark-key' : 'unmark-key';
    const answer = await this.editor.post(pathTo('stories', story, 'developments', madeDevelopment(0, 20), act), {});
    expectStatus(answer, 201);
    await this.newsroom.seen((JSON.parse(answer.body.toString()) as { position: number }).position);
  }

  /** A random moment in the middle half of the story. */
  moment(clock: Clock): Moment {
    const share = 0.25 + Math.random() * 0.5;
    const number = Math.floor(this.developments * share);
    const values: Record<Clock, () => string> = {
      position: () => String(number),
      knownAt: () => recordedAt(0, number, this.developments),
      visibleAt: () => this.visible[Math.floor(this.visible.length * share)]!,
      happenedBy: () => recordedAt(0, number, this.developments),
    };
    return { clock, value: values[clock]() };
  }

  close(): void {
    this.editor.close();
    this.reader.close();
  }
}
