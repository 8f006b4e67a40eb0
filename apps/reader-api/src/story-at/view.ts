import type { AsOf } from '#contract';
import type {
  ActorRow,
  ActorSummary,
  After,
  StoryRow,
  SummariesAsked,
  Takedowns,
  TimelineFilter,
  TimelineRow,
} from '#projections';
import type { Marks } from './cells.js';

/** `newest`: latest recorded first. `story`: as the story was told. A page continues in the order it began with. */
export const orders = ['newest', 'story'] as const;
export type Order = (typeof orders)[number];

/** One story at a moment, now or past: everything that an answer about it is made of. */
export interface StoryView {
  readonly story: StoryRow;
  /** The moment that was asked for; undefined for the present. */
  readonly asOf: AsOf | undefined;
  /** Of the present, numbers that change whenever the story does. Answers about the past are tagged by their bytes. */
  readonly rests: readonly number[];
  /** Of the present: a number that changes whenever rows at earlier positions are rewritten. */
  rewrites(): Promise<number | undefined>;
  /** What is taken down now: it is hidden at every past moment too. */
  takedowns(): Promise<Takedowns>;
  /** Of the present, numbers that change whenever an actor's entry does. */
  registry(): Promise<readonly number[]>;
  /** `limit` null asks for all: as many as a story may have developments. */
  page(
    order: Order,
    filter: TimelineFilter,
    after: After | null,
    limit: number | null,
  ): Promise<readonly TimelineRow[]>;
  entry(development: string): Promise<TimelineRow | undefined>;
  /** Those of these ids, in no order. */
  entries(developments: readonly string[]): Promise<readonly TimelineRow[]>;
  /** The actor about whom most is known comes first. */
  summaries(asked: SummariesAsked): Promise<readonly ActorSummary[]>;
  marksOf(actor: string): Promise<Marks>;
  /** Entries of the registry, by these ids, in no order. */
  actors(ids: readonly string[]): Promise<readonly ActorRow[]>;
  /** All entries that these ids, names or aliases may mean, and perhaps more, in no order. */
  called(refs: readonly string[]): Promise<readonly ActorRow[]>;
  /** The first entries by id that are like what means nobody, and perhaps more, in no order. */
  like(ref: string): Promise<readonly ActorRow[]>;
}
