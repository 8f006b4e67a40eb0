import type { Facet, Fate, FittingCredentials, Ground, Link, Sourcing, ShownEventType } from '#domain';
import type { ComparedField } from '../entry/captured-again.js';

type Of = (text: string) => string;
type Count = (n: number) => string;

/** The pages' own words wherever an update is shown, in a browser too. One file for each language. */
export interface Words {
  /** BCP 47. */
  readonly tag: string;
  /** The locale for dates if a story names no region of this language. */
  readonly dates: string;

  readonly live: string;
  readonly closed: string;
  /** The link to the story in which the coverage of a closed one goes on. */
  readonly continues: string;
  readonly allStories: string;
  readonly noStories: string;
  readonly olderStories: string;
  /** Number of updates. */
  readonly updatesIn: Count;
  readonly story: string;
  readonly timeMachine: string;
  readonly api: string;
  readonly search: string;
  readonly skip: string;
  readonly skipToContent: string;
  readonly replayable: Count;

  readonly updates: string;
  readonly keyEvents: string;
  readonly moreKeyEvents: Count;
  /** The heading of the key points. */
  readonly known: string;
  readonly moreKnown: Count;
  readonly pinned: string;
  /** Unfolds a long pinned update. */
  readonly showAll: string;
  readonly people: string;
  readonly conditions: string;

  readonly lastChange: string;
  /** By the type of the event. */
  readonly acts: Readonly<Record<Exclude<ShownEventType, 'DevelopmentEmbargoed'>, string>>;
  readonly changed: string;

  /** Instead of a story's title while its header is taken down: it must say nothing. */
  readonly noHeadline: string;
  /** Instead of an actor's name while the entry is taken down: it must say nothing. */
  readonly noName: string;
  /** Before the time at which the header changed last. */
  readonly headlineChanged: string;

  /** In which zone the page's times are: the one of a place, or the reader's. */
  readonly zoneOfStory: Of;
  readonly zoneOfReader: Of;

  readonly connection: Record<'live' | 'connecting' | 'reconnecting' | 'offline' | 'closed', string>;
  readonly offer: Count;
  /** What changed since the reader was here. Each count is a button that goes to the next of them. */
  readonly since: Record<'when' | 'new' | 'corrected' | 'retracted' | 'removed' | 'points', Of>;

  readonly posted: string;
  /** Before the names of who wrote an update. */
  readonly writtenBy: string;
  /** What a picture's content credentials say; `day` is when they were signed. */
  readonly credentials: (found: FittingCredentials, day: string | undefined) => string;
  /** The name of a recording's captions. */
  readonly captions: string;
  /** Before the time at which a linked page was captured. */
  readonly captured: string;
  /** What it said when it was captured again: `again` and `gone` come before the time. */
  readonly capturedAgain: Record<'again' | 'gone' | 'unchanged' | 'noLonger', string> & {
    readonly fields: Record<ComparedField, string>;
    readonly changed: (fields: readonly string[]) => string;
  };
  /** After a name: where they report from. */
  readonly inPlace: string;
  /** Before the time of what the update is about: of a report, of words, of a plan, and of what may not have happened. */
  readonly when: Record<'happened' | 'said' | 'planned' | 'open', string>;
  readonly keyEvent: string;
  /** Labels of an update that is not a plain fact: before its headline, or alone. */
  readonly labels: Record<
    'retracted' | 'superseded' | 'corrected' | 'removed' | 'disputed' | 'hinted' | 'planned' | 'denied',
    string
  >;
  readonly labelled: (label: string, headline: string) => string;
  readonly ifOnly: string;
  readonly and: string;
  readonly fates: Record<Fate | 'open', string>;

  /** The drawings of kinds that have one. */
  readonly votes: string;
  readonly tally: Record<'counting' | 'called' | 'final', string>;
  readonly fortunes: Record<'won' | 'through' | 'lost', string>;
  readonly counted: (counted: string, total: string, of: string) => string;
  readonly toCount: Of;
  readonly range: { readonly least: Of; readonly most: Of; readonly between: (least: string, most: string) => string };
  /** Before the name of who gives a figure. */
  readonly says: string;
  readonly vote: Record<'for' | 'against' | 'abstained', string>;
  readonly shootout: (own: number, other: number) => string;

  readonly sources: Record<Sourcing['basis'], (name: string | undefined) => string>;
  readonly standings: Record<Sourcing['standing'], string>;

  readonly corrected: Count;
  /** Before the time of a minor edit. */
  readonly edited: string;
  readonly was: string;
  readonly why: string;
  readonly verdicts: Record<'verified' | 'disputed', string>;
  readonly retractedWhy: string;
  readonly removedOn: string;
  readonly removedWhy: string;
  readonly grounds: Record<Ground, string>;
  /** The relation of an update to the one whose headline follows. */
  readonly links: Record<Link['as'], string>;
  readonly superseded: string;
  readonly supersededBy: string;
  readonly earlierUpdate: string;
  readonly laterUpdate: string;
  readonly copy: string;
  readonly copied: string;
  readonly readInStory: string;

  readonly time: {
    readonly notReported: string;
    readonly between: (from: string, to: string) => string;
    readonly after: Of;
    readonly before: Of;
  };

  readonly toStories: string;
}

/** The words of whole pages, in a separate module to keep the script small that every reader loads. */
export interface PageWords {
  /** Links to the story as a folder: as it is, and as of the moment that the page shows. */
  readonly download: Record<'now' | 'then', string>;
  /** The story's page: filter and order. */
  readonly timeline: {
    readonly filter: string;
    /** `words` labels the search in headlines. */
    readonly filters: Record<'words' | 'actor' | 'type' | 'key' | 'all' | 'apply' | 'clear', string>;
    readonly order: Record<'label' | 'newest' | 'story', string>;
    readonly older: string;
    readonly newer: string;
    readonly later: string;
    readonly first: string;
    /** For a story without updates, and for a filter that matches none. */
    readonly nothing: string;
    readonly nothingFits: string;
  };
  readonly actor: {
    readonly title: (name: string, story: string) => string;
    readonly state: string;
    readonly nothing: string;
    readonly nothingThen: string;
    readonly formerly: string;
    readonly restsOn: Count;
    readonly timeline: Of;
    readonly affiliations: string;
    readonly aliases: string;
    readonly kinds: Record<'person' | 'state' | 'organisation' | 'group' | 'market', string>;
    readonly marks: Count;
    /** The link to the next page of an actor's state. */
    readonly more: string;
  };
  readonly facets: Record<Facet, string>;
  /** Labels for fields of data whose own names do not say enough, by name, or by kind and name. */
  readonly fields: Readonly<Record<string, string>>;
  /** Labels for fields of marks whose own names do not say enough, by name, or by facet and name. */
  readonly marks: Readonly<Record<string, string>>;

  readonly moment: {
    readonly title: string;
    readonly now: string;
    readonly clock: string;
    readonly clocks: Record<Clock, string>;
    readonly at: string;
    readonly show: string;
    readonly backToNow: string;
    /** A sentence about what each clock shows. */
    readonly explained: Record<Clock, string>;
    /** The page shows this moment by a clock. */
    readonly shown: (clock: Clock, when: string) => string;
    readonly notYet: string;
  };
  readonly history: {
    readonly title: Of;
    readonly lead: string;
    readonly slider: string;
    readonly step: (n: number, of: number) => string;
    readonly earlier: Of;
    readonly compare: Of;
    readonly compareNow: string;
    readonly compareWith: string;
    readonly previous: string;
    readonly next: string;
    readonly others: string;
    readonly differences: string;
    readonly none: string;
    readonly added: string;
    readonly withdrawn: string;
    readonly corrected: string;
    readonly retracted: string;
    readonly removed: string;
    readonly superseded: string;
    readonly standing: string;
    readonly marked: string;
    readonly settled: string;
    readonly changed: string;
    readonly struck: string;
    readonly dropped: string;
    readonly states: string;
    readonly then: string;
    readonly counts: Count;
    readonly more: Count;
  };

  /** On other sites' pages. */
  readonly embed: Record<'wholeStory' | 'wholeState', string> & {
    /** What a page says of an update, a story or a state until it is loaded. */
    readonly update: Of;
    readonly live: Of;
    /** Without the actor's name, which may be withdrawn: sites keep this text. */
    readonly state: Of;
  };

  readonly search: {
    readonly title: Of;
    readonly found: Count;
    readonly nothing: string;
    readonly everywhere: string;
    readonly more: string;
    readonly help: string;
  };

  readonly problems: Readonly<Record<400 | 404 | 405 | 422 | 429 | 500 | 503, readonly [title: string, text: string]>>;
}

/** The clock of a moment: when readers could see it, when the log received it, when it happened. */
export const clocks = ['visible', 'known', 'happened'] as const;
/** A clock by which the past is read. */
export type Clock = (typeof clocks)[number];
