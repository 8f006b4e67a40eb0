import {
  actorStream,
  canonicalJson,
  isInternal,
  storyStream,
  type Content,
  type OpenCommit,
  type OpenEvent,
} from '#domain';
import { emptyLog } from '#event-log';
import { outlined, seal } from '#keys';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { foldAll } from './fold-all.js';
import type { Projection, Row } from './fold.js';
import type { Progress } from '../engine/settle.js';
import { stories } from './stories/projection.js';
import { readableStory, type StoryRow, type StoryTables } from './stories/rows.js';
import { withheld } from './withheld/projection.js';
import { Workspace } from './workspace.js';

/** The events of one commit, and its stream. */
export interface Payload {
  readonly stream: string;
  readonly events: readonly OpenEvent[];
}

/** The secrets of the tests' developments. */
export const secrets = { get: (development: string) => createHash('sha512').update(development).digest() };
/** The keys that open them. */
export const keys = { get: (development: string) => ({ secret: secrets.get(development) }) };

/** The progress of an empty build. */
export const unbegun: Progress = {
  checkpoint: {
    name: 'b',
    log: null,
    position: 0,
    next_offset: 0,
    last_record: null,
    live: false,
    made: 'x',
    promoted_at: null,
    kept: false,
    folded: null,
    shredded: null,
  },
  arbitration: emptyLog,
  quarantined: new Map(),
  neverStored: new Set(),
};

export const by = { id: 'ed', name: 'Ed' };
/** The recording time of the commit at this position. */
export const at = (position: number) => new Date(Date.UTC(2026, 0, 1) + position * 1_000).toISOString();
/** Time of the commit at this position, and its author as readers see them. */
export const act = (position: number) => ({ position, recorded: at(position), by: { name: by.name } });

export const commitsOf = (payloads: readonly Payload[]): OpenCommit[] =>
  payloads.map(({ stream, events }, i) => ({
    id: String(i + 1),
    stream,
    seq: i + 1,
    parent: String(i),
    ...act(i + 1),
    by,
    command: `command-${i}`,
    events,
    sealed: seal(stream, events, secrets),
  }));

/** The rows of every table, in key order, after folding these commits in batches of these sizes, repeated. */
export function rowsAfter(
  projections: readonly Projection[],
  commits: readonly OpenCommit[],
  sizes: readonly number[] = [Infinity],
): Record<string, Row[]> {
  // Stored as text with the keys of objects in another order, as in Postgres.
  const stored: Stored = {};
  const all = projections.includes(withheld) ? projections : [...projections, withheld];
  for (const { tables } of all) for (const table of Object.keys(tables)) stored[table] = new Map();
  for (let from = 0, turn = 0; from < commits.length; turn++) {
    const batch = commits.slice(from, (from += sizes[turn % sizes.length]!));
    foldBatch(all, batch, stored);
  }
  const sorted = (rows: Map<string, string>) => [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    Object.entries(stored).map(([table, rows]) => [table, sorted(rows).map(([, text]) => JSON.parse(text) as Row)]),
  );
}

type Stored = Record<string, Map<string, string>>;

function foldBatch(projections: readonly Projection[], batch: readonly OpenCommit[], stored: Stored): void {
  const workspaces = new Map(projections.map(projection => [projection.name, loaded(projection, batch, stored)]));
  foldAll(projections, workspaces, batch);
  for (const { name, tables } of projections)
    for (const { table, puts, drops } of workspaces.get(name)!.written()) {
      const { key } = tables[table]!;
      for (const drop of drops) stored[table]!.delete(canonicalJson(drop));
      for (const { row: put } of puts) {
        assert.deepEqual(JSON.parse(JSON.stringify(put)), put, 'A row holds what JSON does not keep.');
        stored[table]!.set(canonicalJson(key.map(column => put[column])), canonicalJson(put));
      }
    }
}

function loaded({ tables, touches }: Projection, batch: readonly OpenCommit[], stored: Stored): Workspace {
  const workspace = new Workspace(tables);
  for (const touch of batch.flatMap(commit => touches(commit))) {
    const { by: columns } = tables[touch.table]!;
    const rows = [...stored[touch.table]!.values()].map(text => JSON.parse(text) as Row);
    const asked = rows.filter(row => columns.every((column, i) => row[column] === touch.values[i]));
    workspace.load([touch], { [touch.table]: asked });
  }
  return workspace;
}

export const story = 'storm';
type Step = OpenEvent | readonly OpenEvent[] | Payload;

const toldBy = (step: Step): Payload => {
  if ('stream' in step) return step;
  return { stream: storyStream(story), events: 'type' in step ? [step] : step };
};

/**
 * `given(...steps).then(rows)`: each step is a commit of the story, from position 1 on. Compares the named tables: all their rows, in
 * key order, and of each row only the columns that are given.
 */
export const givenFor =
  (projection: Projection) =>
  (...steps: readonly Step[]) => ({
    then(expected: Readonly<Record<string, readonly Row[]>>): void {
      const found = rowsAfter([projection], commitsOf(steps.map(toldBy)));
      for (const [table, rows] of Object.entries(expected)) {
        const columns = (row: Row, i: number) => Object.keys(rows[i] ?? row).map(column => [column, row[column]]);
        const asked = found[table]!.map((row, i) => Object.fromEntries(columns(row, i)));
        assert.deepEqual(asked, rows, table);
      }
    },
  });

/** The row of a story in the view `story`, made of these rows of every table. */
export function readableIn(rows: Readonly<Record<string, readonly Row[]>>, id: string): StoryRow | undefined {
  const own = Object.keys(stories.tables).map(table => [table, (rows[table] ?? []).filter(row => row.story === id)]);
  return readableStory(Object.fromEntries(own) as unknown as StoryTables);
}

/** `givenStory(...steps).then(row)`: the same for the row of the view `story`, of which only the fields that are given are compared. */
export const givenStory = (...steps: readonly Step[]) => ({
  then(expected: Partial<StoryRow> | undefined): void {
    const found = readableIn(rowsAfter([stories], commitsOf(steps.map(toldBy))), story);
    const fields = Object.keys(expected ?? {}) as (keyof StoryRow)[];
    assert.deepEqual(found && Object.fromEntries(fields.map(field => [field, found[field]])), expected);
  },
});

export const ofActor = (actor: string, ...events: OpenEvent[]): Payload => ({ stream: actorStream(actor), events });

export const opened = (more: object = {}): OpenEvent => ({
  type: 'StoryOpened',
  data: { title: 'The storm', zone: 'Europe/Oslo', ...more },
});

/** A statement of the mayor. */
export const said = (quote: string, more: Partial<Content> = {}): Content => ({
  kind: 'statement',
  headline: `Mayor: ${quote}`,
  data: { speaker: 'mayor', quote },
  occurred: { from: '2026-01-01T09:00:00+01:00', precision: 'minute' },
  sourcing: { basis: 'official', standing: 'reported' },
  modality: { mode: 'asserted' },
  ...more,
});

export const onCondition = (id: string, text: string): Pick<Content, 'modality'> => ({
  modality: { mode: 'conditional', conditions: [{ id, text }] },
});

const about = (development: string, content: Content) => ({
  development,
  outline: outlined(content, secrets.get(development)),
});

export const recorded = (development: string, content = said(development)): OpenEvent => ({
  type: 'DevelopmentRecorded',
  data: { ...about(development, content), told: { content } },
});

export const corrected = (development: string, content: Content): OpenEvent => ({
  type: 'DevelopmentCorrected',
  data: { ...about(development, content), told: { content, wrong: 'A word.', reason: 'Misheard.' } },
});

/** A plain update. */
export const plain = (body: string, more: Partial<Content> = {}): Content => ({
  kind: 'update',
  headline: body,
  body,
  data: {},
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'asserted' },
  ...more,
});

/** A classification of the development with this content. */
export const classified = (development: string, content: Content, told: Pick<Content, 'kind' | 'data'>): OpenEvent => ({
  type: 'DevelopmentClassified',
  data: { ...about(development, { ...content, ...told }), told },
});

/** A minor edit of the development with this content. */
export const edited = (development: string, content: Content, told: Pick<Content, 'headline' | 'body'>): OpenEvent => ({
  type: 'DevelopmentCopyEdited',
  data: { ...about(development, { ...content, ...told }), told },
});

/** A recording under embargo, in one commit. */
export const embargoed = (development: string, content = said(development), until?: string): OpenEvent[] => [
  recorded(development, content),
  { type: 'DevelopmentEmbargoed', data: { development, ...(until ? { until } : {}) } },
];

export const lifted = (development: string): OpenEvent => ({ type: 'EmbargoLifted', data: { development } });

export const retracted = (development: string): OpenEvent => ({
  type: 'DevelopmentRetracted',
  data: { development, told: { reason: 'Made up.' } },
});

export const takenDown = (development: string): OpenEvent => ({
  type: 'ContentShredded',
  data: { development, ground: 'legal', proposal: 'a'.repeat(64) },
});

/** Opens the story with a sealed header. */
export const openedSealed = (text: string, title: string, summary?: string): OpenEvent => ({
  type: 'StoryOpenedSealed',
  data: { text, zone: 'Europe/Oslo', told: { title, ...(summary !== undefined && { summary }) } },
});

export const amended = (text: string, title: string, more: object = {}): OpenEvent => ({
  type: 'StoryAmended',
  data: { text, zone: 'Europe/Oslo', told: { title, reason: 'It went on.' }, ...more },
});

export const takenDownText = (text: string): OpenEvent => ({
  type: 'TextShredded',
  data: { text, ground: 'legal', proposal: 'a'.repeat(64), as: 'legal', rules: 2 },
});

/** The keys that the payloads of these events begin, and how to take each one down. */
export const begunKeys = (events: readonly OpenEvent[]): { readonly id: string; readonly gone: OpenEvent }[] =>
  events.flatMap(({ type, data }) => {
    if (type === 'DevelopmentRecorded') return [{ id: data.development, gone: takenDown(data.development) }];
    if (!('told' in data && 'text' in data) || isInternal({ type }) || type.startsWith('Actor')) return [];
    return [{ id: data.text, gone: takenDownText(data.text) }];
  });

/** The takedown of an actor's entry: of the versions with these keys. */
export const takenDownActor = (texts: readonly string[]): OpenEvent => ({
  type: 'ActorShredded',
  data: { texts: [...texts], ground: 'privacy', proposal: 'e'.repeat(64), as: 'legal', rules: 2 },
});

/** The event as opened after its key was destroyed. */
export const withForgottenPayload = (event: OpenEvent): OpenEvent =>
  ({ ...event, data: { ...event.data, told: null } }) as OpenEvent;
