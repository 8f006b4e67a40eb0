import { actorsOf, headlineOf, standingAfter, without, type Content } from '#domain';
import { developmentsOf, storyOf, type Held, type Projection, type ShownEvent } from '../fold.js';
import { actOf } from './acts.js';
import type { Act, Reported, TimelineChangeRow, TimelineRow } from './rows.js';

const reported = (content: Content): Reported => ({
  kind: content.kind,
  headline: headlineOf(content, actor => actor),
  body: content.body ?? null,
  data: content.data,
  occurred: content.occurred,
  sourcing: content.sourcing,
  modality: content.modality,
});

const told = (content: Content) => ({
  ...reported(content),
  actors: actorsOf(content),
  conditions: (content.modality.conditions ?? []).map(condition => condition.id),
  standing: content.sourcing.standing,
});

const was = ({ kind, headline, body, data, occurred, sourcing, modality }: TimelineRow): Reported => ({
  kind,
  headline,
  body,
  data,
  occurred,
  sourcing,
  modality,
});

type At = Act & { readonly story: string; readonly ordinal: number };

const recorded = (development: string, content: Content, at: At): TimelineRow => ({
  ...at,
  ...told(content),
  development,
  changed: at.position,
  status: 'active',
  superseded_by: null,
  supersedes: [],
  checks: [],
  corrections: [],
  retraction: null,
  key: false,
  pinned: false,
  links: [],
  lifted: null,
});

/** The rows that one commit changes, event by event. */
class Changing {
  readonly rows = new Map<string, TimelineRow>();

  private readonly held: Held;
  private readonly story: string;
  private readonly act: Act;

  constructor(held: Held, story: string, act: Act) {
    this.held = held;
    this.story = story;
    this.act = act;
  }

  private change(id: string, changes: (row: TimelineRow) => Partial<TimelineRow>): void {
    const row = this.rows.get(id) ?? this.held.get<TimelineRow>('timeline', [this.story, id]);
    if (row) this.rows.set(id, { ...row, ...changes(row), changed: this.act.position });
  }

  apply({ type, data }: ShownEvent, ordinal: number): void {
    const { act } = this;
    switch (type) {
      case 'DevelopmentRecorded': {
        const row = recorded(data.development, data.content, { ...act, story: this.story, ordinal });
        return void this.rows.set(data.development, row);
      }
      case 'EmbargoLifted': {
        const { development, content, standing, recorded: since, by, key, links } = data.withheld;
        const row = recorded(development, content, { ...act, story: this.story, ordinal });
        // What was checked or corrected before is in it, and not told.
        return void this.rows.set(development, { ...row, standing, recorded: since, by, key, links, lifted: act });
      }
      case 'DevelopmentCorrected':
        return this.change(data.development, row => {
          const correction = { ...act, wrong: data.wrong, reason: data.reason, was: was(row) };
          const sourced = row.sourcing.standing;
          const standing = standingAfter({ sourced, standing: row.standing }, data.content.sourcing.standing);
          return { ...told(data.content), standing, corrections: [...row.corrections, correction] };
        });
      case 'DevelopmentRetracted': {
        const retraction = { ...act, reason: data.reason };
        // It takes the place of nothing any more: events of the same commit say what becomes of that.
        const gone = { key: false, pinned: false, supersedes: [] };
        return this.change(data.development, () => ({ status: 'retracted', retraction, ...gone }));
      }
      case 'DevelopmentSuperseded':
        this.change(data.development, () => ({ status: 'superseded', superseded_by: data.by }));
        return this.change(data.by, row => ({ supersedes: [...row.supersedes, data.development] }));
      case 'DevelopmentReinstated':
        return this.change(data.development, () => ({ status: 'active', superseded_by: null }));
      case 'DevelopmentVerified':
        return this.check(data.development, 'verified', data.note);
      case 'DevelopmentDisputed':
        return this.check(data.development, 'disputed', data.reason);
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
        return this.change(data.development, row => ({ links: without(row.links, data) }));
    }
  }

  private check(id: string, verdict: 'verified' | 'disputed', note: string): void {
    const standing = verdict === 'verified' ? 'confirmed' : 'disputed';
    this.change(id, row => ({ standing, checks: [...row.checks, { ...this.act, verdict, note }] }));
  }
}

const byOrder = (a: TimelineRow, b: TimelineRow) => a.position - b.position || a.ordinal - b.ordinal;

/** The live blog itself: every development as it stands now, and what each commit changed. */
export const timeline: Projection = {
  name: 'timeline',
  version: 2,
  tables: {
    timeline: { key: ['story', 'development'], by: ['story', 'development'] },
    timeline_change: { key: ['position'], by: ['position'] },
  },
  touches(commit) {
    const story = storyOf(commit);
    return story ? developmentsOf(commit).map(id => ({ table: 'timeline', values: [story, id] })) : [];
  },
  fold(held, commit) {
    const story = storyOf(commit);
    if (!story || commit.events.length === 0) return [];
    const { position, recorded, by } = commit;
    const changing = new Changing(held, story, { position, recorded, by });
    commit.events.forEach((event, ordinal) => changing.apply(event, ordinal));
    const entries = [...changing.rows.values()].sort(byOrder);
    const change: TimelineChangeRow = { position, story, recorded, by, acts: commit.events.map(actOf), entries };
    return [...entries.map(put => ({ table: 'timeline', put })), { table: 'timeline_change', put: change }];
  },
};
