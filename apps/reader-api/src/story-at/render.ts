import type {
  Actor,
  CaptureView,
  Cell,
  Change,
  Entry,
  Former,
  FormerText,
  KeyPoint,
  Recording,
  Story,
  TakenDownEntry,
  ReadableEntry,
} from '#contract';
import { closed, type Modality, unsettled } from '#domain';
import { escapeHtml, links, shownBody, titleOf, wordsFor } from '#pages';
import {
  isTakenDown,
  shownCondition,
  takedownOf,
  type ActorRow,
  type ConditionState,
  type HeaderRow,
  type Takedowns,
  type TakenDownRow,
  type TimelineChangeRow,
  type TimelineRow,
  type ReadableRow,
  type ShownCapture,
  type ShownMedium,
  type ShownRecording,
  type ShownText,
} from '#projections';
import type { ShownCell } from './cells.js';
import { changesHeader, changesKeyPoints, presentConditions, presentHeader, signed } from './render-story.js';

/** The data that entries need besides their rows: actors' names, and the fates of conditions and of other developments. */
export interface RenderContext {
  readonly names: ReadonlyMap<string, string>;
  /** The linked developments that can be read. */
  readonly linked: ReadonlyMap<string, ReadableRow>;
  /** The story in which the coverage goes on, if it is closed. */
  readonly continues: string | null;
  /** The story's language, for the words that qualify a title. */
  readonly language: string | null;
  readonly conditions: Readonly<Record<string, ConditionState>>;
  /** Developments that are retracted now: earlier changes hide their contents too. */
  readonly retracted: ReadonlySet<string>;
  /** Takedowns of developments whose earlier rows do not mention them. */
  readonly takedowns: Takedowns;
}

type Correction = ReadableRow['corrections'][number];
type Edit = ReadableRow['edits'][number];
type Was = NonNullable<Correction['was']>;
const named =
  ({ names }: RenderContext) =>
  (id: string) => ({ id, name: names.get(id) ?? id });

const modality = ({ mode, conditions = [] }: Modality, known: RenderContext['conditions']) => ({
  mode,
  conditions: conditions.map(({ id, text }) => ({
    ...unsettled,
    ...(known[id] && shownCondition(known[id])),
    id,
    text,
  })),
});

type Playing = Partial<Pick<ShownMedium, 'recording' | 'captions'>>;
/** A picture, as the API shows it. */
export const presentMedium = <Shown extends Pick<ShownMedium, 'files' | 'alt' | 'decorative'> & Playing>({
  files,
  alt = '',
  decorative: _,
  recording,
  captions,
  ...shown
}: Shown) => ({
  ...shown,
  alt,
  sources: files.map(({ sha256, type, width, height }) => ({ href: links.medium(sha256), type, width, height })),
  ...(recording && { recording: presentRecording(recording, captions) }),
});

const presentPage = <Made extends Pick<ShownCapture, 'picture'>>({ picture, ...page }: Made) => ({
  ...page,
  ...(picture && { picture: presentMedium(picture) as NonNullable<CaptureView['picture']> }),
});
const presentCapture = ({ again, ...first }: ShownCapture): CaptureView => ({
  ...presentPage(first),
  ...(again && { again: presentPage(again) }),
});

function presentRecording({ name, sha256, ...rest }: ShownRecording, captions: ShownText | undefined): Recording {
  const read = captions && { file: captions.name, href: links.medium(captions.sha256) };
  return { file: name, href: links.medium(sha256), ...rest, ...(read && { captions: read }) };
}

/** A retracted development shows only its headline. */
const reported = (row: Was, { conditions }: RenderContext, withdrawn: boolean) => ({
  kind: row.kind,
  ...headlines(row.headline),
  bodyHtml: withdrawn ? null : shownBody(row.body),
  data: withdrawn ? null : row.data,
  occurred: row.occurred,
  sourcing: row.sourcing,
  modality: modality(row.modality, conditions),
  byline: row.byline,
  ...(row.media && !withdrawn && { media: row.media.map(presentMedium) }),
  ...(row.captures && !withdrawn && { captures: row.captures.map(presentCapture) }),
});

type Entitled = Pick<ReadableRow, 'headline' | 'modality' | 'status' | 'standing'> &
  Partial<Pick<ReadableRow, 'corrections'>>;
type Standing = ReadableEntry['standing'];

/** A row's headline with its qualification, see `titleOf`. */
export const rowTitle = (
  { headline, modality: said, status, standing, corrections = [] }: Entitled,
  { conditions, language }: Pick<RenderContext, 'conditions' | 'language'>,
  options?: { fates?: boolean; without?: string },
): string =>
  titleOf(
    { headline, status, standing: standing as Standing, modality: modality(said, conditions), corrections },
    wordsFor(language),
    options,
  );

/** The API's titles omit fates: a client may learn a condition's fate without loading the entry again. */
const withoutFates = { fates: false };

const headlines = (headline: string) => ({ headline, headlineHtml: escapeHtml(closed(headline)) });

/** An entry of the timeline, as the API shows it. */
export const presentEntry = (row: TimelineRow, context: RenderContext): Entry =>
  isTakenDown(row) ? placeholder(row, context) : presentReadable(row, context);

/** The last commit that changed the entry, or settled one of its conditions. */
export const changedWith = (
  { changed, conditions }: Pick<TimelineRow, 'changed' | 'conditions'>,
  known: RenderContext['conditions'],
): number => Math.max(changed, ...conditions.map(id => known[id]?.position ?? 0));

const place = (row: TimelineRow, { conditions }: RenderContext) => ({
  id: row.development,
  recorded: row.recorded,
  by: signed(row.by),
  position: row.position,
  changed: changedWith(row, conditions),
  key: row.key,
  pinned: row.pinned,
  supersedes: [...row.supersedes],
  supersededBy: row.superseded_by,
  lifted: row.lifted && { position: row.lifted.position, recorded: row.lifted.recorded, by: signed(row.lifted.by) },
});

/** The entry that replaces a taken-down development. */
const placeholder = (row: TakenDownRow, context: RenderContext): TakenDownEntry => ({
  ...place(row, context),
  kind: row.kind,
  status: row.status,
  title: wordsFor(context.language).labels.removed,
  headline: null,
  headlineHtml: null,
  bodyHtml: null,
  data: null,
  occurred: null,
  sourcing: null,
  modality: null,
  byline: null,
  standing: null,
  actors: [],
  links: [],
  checks: [],
  corrections: [],
  edits: [],
  retraction: null,
  takedown: takedownOf(row, context.takedowns),
});

const correction = ({ wrong, reason, position, recorded, by }: Correction) => ({
  wrong,
  reason,
  position,
  recorded,
  by: signed(by),
});

const edit = ({ position, recorded, by }: Edit) => ({ position, recorded, by: signed(by) });

/** The texts of the development before some of its minor edits; only headlines if it was retracted since. */
export const presentFormerTexts = (row: ReadableRow, edits: readonly Edit[]): FormerText[] =>
  edits.flatMap(({ was, ...made }) => {
    if (!was) return [];
    const bodyHtml = row.status === 'retracted' ? null : shownBody(was.body);
    return [{ ...edit(made), was: { ...headlines(was.headline), bodyHtml } }];
  });

/** The earlier versions of the development before some of its corrections; only headlines if it was retracted since. */
export const presentFormer = (row: ReadableRow, corrections: readonly Correction[], context: RenderContext): Former[] =>
  corrections.flatMap(({ was, ...made }) =>
    was ? [{ ...correction(made), was: reported(was, context, row.status === 'retracted') }] : [],
  );

function presentReadable(row: ReadableRow, context: RenderContext): ReadableEntry {
  const withdrawn = row.status === 'retracted' || context.retracted.has(row.development);
  return {
    ...place(row, context),
    ...reported(row, context, withdrawn),
    title: rowTitle(row, context, withoutFates),
    status: row.status,
    standing: row.standing as ReadableEntry['standing'],
    actors: row.actors.map(named(context)),
    links: withdrawn ? [] : row.links.flatMap(link => linked(link, context)),
    checks: row.checks.map(({ verdict, note, position, recorded, by }) => ({
      verdict,
      note,
      position,
      recorded,
      by: signed(by),
    })),
    corrections: row.corrections.map(correction),
    edits: row.edits.map(edit),
    retraction: row.retraction && {
      reason: row.retraction.reason,
      position: row.retraction.position,
      recorded: row.retraction.recorded,
      by: signed(row.retraction.by),
    },
  };
}

function linked({ to, as }: TimelineRow['links'][number], context: RenderContext): ReadableEntry['links'] {
  const row = context.linked.get(to);
  return row ? [{ as, development: to, ...headlines(row.headline), title: rowTitle(row, context, withoutFates) }] : [];
}

/** One commit's changes, for pages that are already open. `headers`: the versions of the header, for changes of it. `points`: the story's key points. */
export function presentChange(
  row: TimelineChangeRow,
  context: RenderContext,
  headers: readonly HeaderRow[] = [],
  points: readonly KeyPoint[] = [],
): Change {
  const settled = new Set(row.acts.map(({ condition }) => condition));
  const conditions = presentConditions(context.conditions, id => settled.has(id));
  const status = row.acts.map(({ act }) => statusAfter[act]).findLast(Boolean);
  return {
    position: row.position,
    story: row.story,
    recorded: row.recorded,
    by: signed(row.by),
    acts: row.acts.map(act => ({ ...act })),
    entries: row.entries.map(entry => presentEntry(entry, context)),
    ...(Object.keys(conditions).length > 0 ? { conditions } : {}),
    ...(status ? { status } : {}),
    ...(status === 'closed' && context.continues !== null ? { continues: context.continues } : {}),
    ...(changesHeader(row) ? { headers: headers.map(presentHeader) } : {}),
    ...(changesKeyPoints(row, points) ? { keyPoints: [...points] } : {}),
  };
}

const statusAfter: Partial<Record<TimelineChangeRow['acts'][number]['act'], Story['status']>> = {
  StoryOpened: 'open',
  StoryOpenedSealed: 'open',
  StoryReopened: 'open',
  StoryReopenedSealed: 'open',
  StoryClosed: 'closed',
  StoryClosedSealed: 'closed',
};

/** An actor's name, or the words for one whose entry was taken down. */
export const shownName = ({ name }: Pick<ActorRow, 'name'>, language: string | null = null): string =>
  name || wordsFor(language).noName;

/** An entry of the registry, as the API shows it. */
export function presentActor({ actor, ...row }: ActorRow): Actor {
  return {
    id: actor,
    name: shownName(row),
    ...(row.name === '' && { takenDown: true as const }),
    kind: row.kind,
    aliases: [...row.aliases],
    affiliations: [...row.affiliations],
    description: row.description,
    wikidata: row.wikidata,
    iso3166: row.iso3166,
    position: row.position,
  };
}

type Cited = ShownCell['citations'][number];

type CellContext = Pick<RenderContext, 'conditions' | 'language'>;

const citation = (cited: Cited, context: CellContext) => {
  const shown = modality(cited.modality, context.conditions);
  return {
    development: cited.development,
    kind: cited.kind,
    ...headlines(cited.headline),
    title: rowTitle(cited, context, withoutFates),
    value: cited.value,
    sourcing: cited.sourcing,
    standing: cited.standing as ReadableEntry['standing'],
    modality: shown,
    occurred: cited.occurred,
    recorded: cited.recorded,
    position: cited.position,
    status: cited.status,
    conditions: shown.conditions,
  };
};

/** One cell of an actor's state, with the developments that support it. */
export const presentCell = (
  { facet, key, current, citations, total }: Omit<ShownCell, 'last'>,
  context: CellContext,
): Omit<Cell, 'next'> => ({
  facet,
  key,
  current: current && citation(current, context),
  citations: citations.map(cited => citation(cited, context)),
  total,
});
