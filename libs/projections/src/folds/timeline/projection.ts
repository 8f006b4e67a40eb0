import {
  actorsOf,
  begunBy,
  headlineOf,
  payloadOf,
  standingAfter,
  storyOf,
  withoutLink,
  type Capture,
  type Content,
  type KeptPicture,
  type KeptRecording,
  type Media,
  type Outline,
} from '#domain';
import {
  developmentsOf,
  signatureOf,
  untouched,
  type Held,
  type OtherType,
  type WholeStoryType,
  type Projection,
  type ShownEvent,
} from '../fold.js';
import { contentIn, forgotten, isTakenDown } from '../forgotten.js';
import type {
  Act,
  ActDone,
  ReadableRow,
  ShownCapture,
  Reported,
  ShownMedium,
  ShownRecording,
  ShownText,
  Takedown,
  TakenDownRow,
  TimelineChangeRow,
  TimelineRow,
} from './rows.js';

const ids = ['development', 'by', 'retracted', 'condition', 'fate', 'to'] as const;

/** Describes an event by the ids in it; the entries hold the text. */
export function actOf({ type, data }: ShownEvent): ActDone {
  const given = data as Record<string, unknown>;
  // `as` of a link is the relation; in other events it is the author's role, which readers do not see.
  const names = 'to' in given ? [...ids, 'as'] : ids;
  const named = names.flatMap(name => (name in given ? [[name, given[name]]] : []));
  return { act: type, ...Object.fromEntries(named) };
}

/** A picture as readers may see it. */
const shownPicture = ({ colour, original, renditions }: KeptPicture) => ({
  picture: original.name,
  width: original.width,
  height: original.height,
  // Only JPEG is never transparent.
  colour: original.type === 'image/jpeg' ? colour : null,
  files: renditions.map(({ sha256, type, width, height, size }) => ({ sha256, type, width, height, size })),
});

const shownMedia = (media: Media): ShownMedium[] =>
  media.map(({ picture, recording, captions, ...texts }) => ({
    ...texts,
    ...shownPicture(picture),
    // Readers have no use for credentials of another state of the picture.
    ...(picture.credentials && picture.credentials.state !== 'broken' && { credentials: picture.credentials }),
    ...(recording && { recording: shownRecording(recording) }),
    ...(captions && { captions: shownText(captions.file) }),
  }));

const shownPage = <Made extends Pick<Capture, 'picture'>>({ picture: page, ...rest }: Made) => ({
  ...rest,
  ...(page && {
    picture: {
      ...shownPicture(page.picture),
      sha256: page.picture.original.sha256,
      ...(page.alt !== undefined && { alt: page.alt }),
    },
  }),
});
const shownCaptures = (captures: readonly Capture[]): ShownCapture[] =>
  captures.map(({ again, ...first }) => ({ ...shownPage(first), ...(again && { again: shownPage(again) }) }));

const shownText = ({ name, sha256, size }: ShownText): ShownText => ({ name, sha256, size });
const shownRecording = ({ file, lasts, width, height }: KeptRecording): ShownRecording => ({
  ...shownText(file),
  type: file.type,
  lasts,
  ...(width !== undefined && height !== undefined && { width, height }),
});

const reported = (content: Content): Reported => ({
  kind: content.kind,
  headline: headlineOf(content, actor => actor),
  body: content.body ?? null,
  data: content.data,
  occurred: content.occurred,
  sourcing: content.sourcing,
  modality: content.modality,
  byline: content.byline ?? null,
  media: content.media ? shownMedia(content.media) : null,
  captures: content.captures ? shownCaptures(content.captures) : null,
});

const contentColumns = (content: Content) => ({
  ...reported(content),
  actors: actorsOf(content),
  conditions: (content.modality.conditions ?? []).map(condition => condition.id),
  standing: content.sourcing.standing,
  begun: begunBy(content.occurred),
});

const was = ({
  kind,
  headline,
  body,
  data,
  occurred,
  sourcing,
  modality,
  byline,
  media,
  captures,
}: ReadableRow): Reported => ({
  kind,
  headline,
  body,
  data,
  occurred,
  sourcing,
  modality,
  byline,
  media,
  captures,
});

type At = Act & { readonly story: string; readonly ordinal: number };

const begun = (development: string, at: At) => ({
  ...at,
  development,
  changed: at.position,
  superseded_by: null,
  supersedes: [],
  checks: [],
  corrections: [],
  edits: [],
  retraction: null,
  key: false,
  pinned: false,
  links: [],
  lifted: null,
  takedown: null,
});

const recorded = (development: string, content: Content, at: At): ReadableRow => ({
  ...begun(development, at),
  ...contentColumns(content),
  status: 'active',
});

const takenDown = (development: string, { kind }: Outline, at: At): TakenDownRow => ({
  ...begun(development, at),
  ...forgotten,
  kind,
});

/** The events that do not affect this table. */
type IgnoredType = OtherType | WholeStoryType | 'ConditionSettled' | 'ConditionSettledSealed' | 'DevelopmentEmbargoed';

/** The rows that one commit changes, event by event. */
class ChangedRows {
  readonly rows = new Map<string, TimelineRow>();

  private readonly held: Held;
  private readonly story: string;
  private readonly act: Act;

  constructor(held: Held, story: string, act: Act) {
    this.held = held;
    this.story = story;
    this.act = act;
  }

  /** No event changes a development that was taken down. */
  private change(id: string, changes: (row: ReadableRow) => Partial<ReadableRow>): void {
    const row = this.rows.get(id) ?? this.held.get<TimelineRow>('timeline', [this.story, id]);
    const { position: changed } = this.act;
    if (row) this.rows.set(id, isTakenDown(row) ? { ...row, changed } : { ...row, ...changes(row), changed });
  }

  private takeDown(id: string, takedown: Takedown): void {
    const row = this.rows.get(id) ?? this.held.get<TimelineRow>('timeline', [this.story, id]);
    const { position: changed } = this.act;
    if (row && isTakenDown(row)) this.rows.set(id, { ...row, takedown, changed });
  }

  apply(event: ShownEvent, ordinal: number): void {
    const { type, data } = event;
    const { act } = this;
    switch (type) {
      case 'DevelopmentRecorded': {
        const { development, outline } = data;
        const at = { ...act, story: this.story, ordinal };
        const content = contentIn(event);
        const row = content ? recorded(development, content, at) : takenDown(development, outline, at);
        return void this.rows.set(development, row);
      }
      case 'EmbargoLifted': {
        const { development, outline, standing, recorded: since, key, links } = data.withheld;
        const content = contentIn(event);
        const at = { ...act, story: this.story, ordinal };
        const by = signatureOf(data.withheld.by);
        if (!content) {
          const row = takenDown(development, outline, { ...at, recorded: since, by });
          return void this.rows.set(development, { ...row, lifted: act, takedown: data.withheld.takedown });
        }
        const row = recorded(development, content, at);
        // Checks and corrections from before the lift are already in this state, and are not listed.
        return void this.rows.set(development, { ...row, standing, recorded: since, by, key, links, lifted: act });
      }
      case 'DevelopmentCorrected':
        return this.change(data.development, row => {
          const payload = payloadOf(data);
          if (!payload) return {};
          const { content, wrong, reason } = payload;
          const correction = { ...act, wrong, reason, was: was(row) };
          const sourced = row.sourcing.standing;
          const standing = standingAfter({ sourced, standing: row.standing }, content.sourcing.standing);
          return { ...contentColumns(content), standing, corrections: [...row.corrections, correction] };
        });
      case 'DevelopmentClassified':
        return this.change(data.development, row => {
          const payload = payloadOf(data);
          return payload ? { ...payload, actors: actorsOf({ ...payload, sourcing: row.sourcing }) } : {};
        });
      case 'DevelopmentCopyEdited':
        return this.change(data.development, row => {
          const payload = payloadOf(data);
          if (!payload) return {};
          const was = { headline: row.headline, body: row.body };
          const { headline = was.headline, body = was.body } = payload;
          return { headline, body, edits: [...row.edits, { ...act, was }] };
        });
      case 'DevelopmentRecaptured':
        return this.change(data.development, () => {
          const payload = payloadOf(data);
          return payload ? { captures: shownCaptures(payload.captures) } : {};
        });
      case 'DevelopmentRetracted': {
        const payload = payloadOf(data);
        if (!payload) return this.change(data.development, () => ({}));
        const retraction = { ...act, reason: payload.reason };
        // It supersedes nothing any more: events of the same commit change the developments that it had superseded.
        const gone = { key: false, pinned: false, supersedes: [] };
        return this.change(data.development, () => ({ status: 'retracted', retraction, ...gone }));
      }
      case 'ContentShredded': {
        const { position, recorded: since } = act;
        return this.takeDown(data.development, { ground: data.ground, position, recorded: since });
      }
      case 'DevelopmentSuperseded':
        this.change(data.development, () => ({ status: 'superseded', superseded_by: data.by }));
        return this.change(data.by, row => ({ supersedes: [...row.supersedes, data.development] }));
      case 'DevelopmentReinstated':
        return this.change(data.development, () => ({ status: 'active', superseded_by: null }));
      case 'DevelopmentVerified':
        return this.check(data.development, 'verified', payloadOf(data)?.note);
      case 'DevelopmentDisputed':
        return this.check(data.development, 'disputed', payloadOf(data)?.reason);
      case 'DevelopmentPinned':
        return this.change(data.development, () => ({ pinned: true }));
      case 'DevelopmentUnpinned':
        return this.change(data.development, () => ({ pinned: false }));
      case 'DevelopmentMarkedKey':
        return this.change(data.development, () => ({ key: true }));
      case 'DevelopmentUnmarkedKey':
        return this.change(data.development, () => ({ key: false }));
      case 'DevelopmentLinked': {
        const link = { to: data.to, as: data.as };
        return this.change(data.development, row => ({ links: [...row.links, link] }));
      }
      case 'DevelopmentUnlinked':
        return this.change(data.development, row => ({ links: withoutLink(row.links, data) }));
      default:
        return untouched(type satisfies IgnoredType, undefined);
    }
  }

  private check(id: string, verdict: 'verified' | 'disputed', note: string | undefined): void {
    const standing = verdict === 'verified' ? 'confirmed' : 'disputed';
    this.change(id, row =>
      note === undefined ? {} : { standing, checks: [...row.checks, { ...this.act, verdict, note }] },
    );
  }
}

const byOrder = (a: TimelineRow, b: TimelineRow) => a.position - b.position || a.ordinal - b.ordinal;

/** The live blog: every development in its current state, and the changes of each commit. */
export const timeline: Projection = {
  name: 'timeline',
  version: 9,
  tables: {
    timeline: {
      key: ['story', 'development'],
      by: ['story', 'development'],
      story: 'story',
      past: 'versions',
      placed: 'position',
      counted: [['story', 'begun', 'position', 'status', 'changed']],
    },
    timeline_change: { key: ['position'], by: ['position'], story: 'story', past: 'once' },
  },
  readers: ['timeline', 'timeline_change'],
  touches(commit) {
    const story = storyOf(commit);
    return story ? developmentsOf(commit).map(id => ({ table: 'timeline', values: [story, id] })) : [];
  },
  fold(held, commit) {
    const story = storyOf(commit);
    if (!story || commit.events.length === 0) return [];
    const { position, recorded } = commit;
    const by = signatureOf(commit.by);
    const changing = new ChangedRows(held, story, { position, recorded, by });
    commit.events.forEach((event, ordinal) => changing.apply(event, ordinal));
    const entries = [...changing.rows.values()].sort(byOrder);
    const change: TimelineChangeRow = { position, story, recorded, by, acts: commit.events.map(actOf), entries };
    return [...entries.map(put => ({ table: 'timeline', put })), { table: 'timeline_change', put: change }];
  },
};
