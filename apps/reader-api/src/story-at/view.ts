import type { AsOf } from '#contract';
import type {
  ActorRow,
  ActorSummary,
  After,
  HeaderRow,
  KeyPointRow,
  LeadRow,
  StoryRow,
  SummariesAsked,
  Takedowns,
  TimelineFilter,
  TimelineRow,
} from '#projections';
import type { Marks } from './cells.js';

/** `newest`: latest recorded first. `story`: in the order of the story. A page continues in the order of the first page. */
export const orders = ['newest', 'story'] as const;
/** The order of a timeline. */
export type Order = (typeof orders)[number];

/** One story at a moment, now or past: all the data of an answer about it. */
export interface StoryView {
  readonly story: StoryRow;
  /** The requested moment; undefined for the present. */
  readonly asOf: AsOf | undefined;
  /** For the present: numbers that change whenever the story does. Answers about the past are tagged by their bytes. */
  readonly rests: readonly number[];
  /** For the present: a number that changes whenever rows at earlier positions are rewritten. */
  rewrites(): Promise<number | undefined>;
  /** The current takedowns: their content is hidden at every past moment too. */
  takedowns(): Promise<Takedowns>;
  /** For the present: numbers that change whenever an actor's entry does. */
  registry(): Promise<readonly number[]>;
  /** One page of the timeline. */
  page(order: Order, filter: TimelineFilter, after: After | null, limit: number): Promise<readonly TimelineRow[]>;
  /** The number of entries. */
  count(): Promise<number>;
  /** The place after which a page begins that leaves out so many newest entries; null for none. */
  placeAfter(skipped: number): Promise<After | null>;
  /** The versions of its header, latest first; at most `limit`. */
  headers(limit: number): Promise<readonly HeaderRow[]>;
  /** Its key points, in order. */
  keyPoints(): Promise<readonly KeyPointRow[]>;
  /** The picture that represents it; undefined if it has none. */
  lead(): Promise<LeadRow | undefined>;
  entry(development: string): Promise<TimelineRow | undefined>;
  /** The entries with these ids, in any order. */
  entries(developments: readonly string[]): Promise<readonly TimelineRow[]>;
  /** The ids of the actors that these entries name, in any order. */
  namedIn(developments: readonly string[]): Promise<readonly string[]>;
  /** The story's actors; those with the most marks come first. */
  summaries(asked: SummariesAsked): Promise<readonly ActorSummary[]>;
  readonly marks: Marks;
  /** The registry's entries with these ids, in any order. */
  actors(ids: readonly string[]): Promise<readonly ActorRow[]>;
  /** All entries that these ids, names or aliases may mean, and perhaps others, in any order. */
  called(refs: readonly string[]): Promise<readonly ActorRow[]>;
  /** The first entries by id that resemble an unknown reference, and perhaps others, in any order. */
  like(ref: string): Promise<readonly ActorRow[]>;
}
