import {
  actorsOf,
  begunBy,
  canonicalJson,
  type Content,
  headlineOf,
  type Mark,
  marksOf,
  payloadOf,
  standingAfter,
  storyOf,
} from '#domain';
import {
  developmentsOf,
  untouched,
  type Change,
  type Held,
  type OtherType,
  type WholeStoryType,
  type Projection,
  type ShownEvent,
} from '../fold.js';
import { contentIn } from '../forgotten.js';
import type { CitationRow, MarkRow } from './rows.js';

/** The content's marks, and a mention of every actor that it only names, its source included. */
/** The part of a content that says something about actors, and when. */
type AboutActors = Pick<Content, 'kind' | 'data' | 'sourcing' | 'occurred'>;

function marksAndMentions(content: AboutActors): Mark[] {
  const marks = marksOf(content);
  const marked = new Set(marks.map(mark => mark.actor));
  const mentions = actorsOf(content)
    .filter(actor => !marked.has(actor))
    .map(actor => ({
      actor,
      facet: 'mention' as const,
      value: actor === content.sourcing.actor ? { as: 'source' } : {},
    }));
  return [...marks, ...mentions];
}

const contentColumns = (content: Content) => ({
  kind: content.kind,
  headline: headlineOf(content, actor => actor),
  occurred: content.occurred,
  begun: begunBy(content.occurred),
  sourcing: content.sourcing,
  standing: content.sourcing.standing,
  modality: content.modality,
});

type Placed = Pick<CitationRow, 'story' | 'position' | 'ordinal'>;

const markRows = ({ story, position, ordinal }: Placed, development: string, content: AboutActors): MarkRow[] =>
  marksAndMentions(content).map(({ actor, facet, key, value }, mark) => ({
    story,
    development,
    position,
    ordinal,
    begun: begunBy(content.occurred),
    mark,
    actor,
    facet,
    key: key ?? development,
    // Without members that are undefined, as it will be read back.
    value: JSON.parse(canonicalJson(value)) as MarkRow['value'],
  }));

/** The rows of one development while a commit changes them; undefined if it has none. */
type Cited = { readonly citation: CitationRow; readonly marks: readonly MarkRow[] } | undefined;
type At = {
  readonly story: string;
  readonly position: number;
  readonly ordinal: number;
  readonly recorded: string;
};

function cite(development: string, content: Content, at: At, since: Partial<CitationRow> = {}): Cited {
  const citation = { ...at, development, ...contentColumns(content), ...since, status: 'active' as const };
  return { citation, marks: markRows(at, development, content) };
}

/** The events that do not affect this table. */
type IgnoredType =
  | OtherType
  | WholeStoryType
  | 'DevelopmentRecaptured'
  | 'DevelopmentPinned'
  | 'DevelopmentUnpinned'
  | 'DevelopmentMarkedKey'
  | 'DevelopmentUnmarkedKey'
  | 'ConditionSettled'
  | 'ConditionSettledSealed'
  | 'DevelopmentEmbargoed'
  | 'DevelopmentLinked'
  | 'DevelopmentUnlinked'
  | 'ContentShredded';

function evolve(cited: Cited, event: ShownEvent, at: At): Cited {
  const { type, data } = event;
  const content = contentIn(event);
  if (type === 'DevelopmentRecorded') return content ? cite(data.development, content, at) : undefined;
  if (type === 'EmbargoLifted') {
    const { development, standing, recorded } = data.withheld;
    return content ? cite(development, content, at, { standing, recorded }) : undefined;
  }
  if (!cited) return undefined;
  const change = (changes: Partial<CitationRow>) => ({ ...cited, citation: { ...cited.citation, ...changes } });
  switch (type) {
    case 'DevelopmentClassified': {
      const payload = payloadOf(data);
      if (!payload) return undefined;
      const { kind, data: given } = payload;
      const { sourcing, occurred } = cited.citation;
      return {
        ...change({ kind }),
        marks: markRows(cited.citation, data.development, { kind, data: given, sourcing, occurred }),
      };
    }
    case 'DevelopmentCopyEdited': {
      const { headline } = payloadOf(data) ?? {};
      return headline === undefined ? cited : change({ headline });
    }
    case 'DevelopmentCorrected': {
      if (!content) return undefined;
      const { sourcing, standing: checked } = cited.citation;
      const before = { sourced: sourcing.standing, standing: checked };
      const standing = standingAfter(before, content.sourcing.standing);
      const marks = markRows(cited.citation, data.development, content);
      return { ...change({ ...contentColumns(content), standing }), marks };
    }
    case 'DevelopmentRetracted':
      return undefined;
    case 'DevelopmentSuperseded':
      return change({ status: 'superseded' });
    case 'DevelopmentReinstated':
      return change({ status: 'active' });
    case 'DevelopmentVerified':
      return change({ standing: 'confirmed' });
    case 'DevelopmentDisputed':
      return change({ standing: 'disputed' });
    default:
      return untouched(type satisfies IgnoredType, cited);
  }
}

function load(held: Held, story: string, development: string): Cited {
  const citation = held.get<CitationRow>('actor_citation', [story, development]);
  return citation && { citation, marks: held.where<MarkRow>('actor_mark', [story, development]) };
}

function difference(before: Cited, after: Cited): Change[] {
  if (before === after) return [];
  const kept = after?.marks.length ?? 0;
  const dropped = (before?.marks ?? [])
    .filter(({ mark }) => mark >= kept)
    .map(({ story, development, mark }) => ({ table: 'actor_mark', drop: [story, development, mark] }));
  if (!after)
    return before
      ? [{ table: 'actor_citation', drop: [before.citation.story, before.citation.development] }, ...dropped]
      : [];
  const marks = after.marks === before?.marks ? [] : after.marks.map(put => ({ table: 'actor_mark', put }));
  return [{ table: 'actor_citation', put: after.citation }, ...marks, ...dropped];
}

/** The state of each actor in a story. Each fact cites the development that it comes from. */
export const actorState: Projection = {
  name: 'actor-state',
  version: 4,
  tables: {
    actor_citation: {
      key: ['story', 'development'],
      by: ['story', 'development'],
      story: 'story',
      past: 'versions',
      placed: 'position',
    },
    actor_mark: {
      key: ['story', 'development', 'mark'],
      by: ['story', 'development'],
      story: 'story',
      past: 'versions',
      placed: 'position',
      counted: [
        // An actor's cells, their last marks and their sums.
        ['story', 'actor', 'facet', 'key', 'position', 'ordinal', 'mark', 'begun'],
        // How much is known of each actor.
        ['story', 'actor', 'position', 'ordinal', 'begun'],
      ],
    },
  },
  readers: ['actor_citation', 'actor_mark'],
  touches(commit) {
    const story = storyOf(commit);
    if (!story) return [];
    return developmentsOf(commit).flatMap(id => [
      { table: 'actor_citation', values: [story, id] },
      { table: 'actor_mark', values: [story, id] },
    ]);
  },
  fold(held, commit) {
    const story = storyOf(commit);
    if (!story) return [];
    return developmentsOf(commit).flatMap(development => {
      const before = load(held, story, development);
      const after = commit.events.reduce((cited, event, ordinal) => {
        const about = 'development' in event.data && event.data.development === development;
        const { position, recorded } = commit;
        return about ? evolve(cited, event, { story, position, ordinal, recorded }) : cited;
      }, before);
      return difference(before, after);
    });
  },
};
