import type { Client } from '#postgres';
import { developmentsOf, type Held, type ReadableCommit, type ShownEvent } from '../folds/fold.js';
import { recordedAt, shapingCommitsOf } from '../folds/shown-commits/queries.js';
import { stories } from '../folds/stories/projection.js';
import type { StoryRow } from '../folds/stories/rows.js';
import type { Reading } from './reading.js';

/** The most commits that may shape a story's row: that name its conditions, pin, retract, close. */
export const mostShaping = 5_000;

/** More commits shape the story than one answer reads. */
export class TooManyShaping extends Error {
  constructor(
    /** The last position that can be asked for. */
    readonly position: number,
  ) {
    super(`More than ${mostShaping} commits shaped the story.`);
  }
}

/**
 * A story's row as of a position, as if nothing had happened that is not known to have begun by an instant (milliseconds since 1970). Only
 * the commits that shape the row are folded; developments are counted, and the last commit is found by what had begun. Rejects with
 * TooManyShaping.
 */
export async function storyBegunBy(
  { asOf }: Pick<Reading, 'asOf'>,
  story: string,
  position: number,
  begun: number,
  most = mostShaping,
): Promise<StoryRow | undefined> {
  const then = asOf(position);
  const commits = await shapingCommitsOf(then, story, position, most + 1);
  if (commits.length > most) throw new TooManyShaping(commits[most - 1]!.position);
  const later = await laterAmong(then, story, commits.flatMap(developmentsOf), begun);
  const row = folded(commits.map(commit => keptOf(commit, later, begun)));
  if (!row) return undefined;
  const { developments, changed } = await countBegun(then, story, begun);
  const asked = { story, begun, changed, after: row.position };
  const last = await lastChange(then, asOf(position, begun), asked);
  const counts = { ...row, developments, shredded: 0 };
  if (last <= row.position) return counts;
  return { ...counts, position: last, recorded: (await recordedAt(then, [last])).get(last)! };
}

/** Those of these developments that are not known to have begun by then. */
async function laterAmong(
  client: Client,
  story: string,
  developments: readonly string[],
  begun: number,
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ development: string }>(
    'select development from timeline where story = $1 and development = any($2) and (begun is null or begun > $3)',
    [story, [...new Set(developments)], begun],
  );
  return new Set(rows.map(({ development }) => development));
}

/** A settled condition without a development to date it, a new header, or key points, which may give the outcome: only the recording time is known. */
const isUndated = ({ type, data }: ShownEvent): boolean =>
  type === 'StoryAmended' ||
  type === 'KeyPointWritten' ||
  type === 'KeyPointsSet' ||
  ((type === 'ConditionSettled' || type === 'ConditionSettledSealed') && data.development === undefined);

function keptOf(commit: ReadableCommit, later: ReadonlySet<string>, begun: number): ReadableCommit {
  const happened = (event: ShownEvent) =>
    isUndated(event)
      ? Date.parse(commit.recorded) <= begun
      : !developmentsOf({ events: [event] }).some(id => later.has(id));
  return { ...commit, events: commit.events.filter(happened) };
}

/** The fields of a commit that the fold does not read. */
const unread = { id: '', seq: 0, parent: '', command: '', sealed: [], withheld: [] };

function folded(commits: readonly ReadableCommit[]): StoryRow | undefined {
  let row: StoryRow | undefined;
  const held = { get: () => row, where: () => [] } as Held;
  for (const commit of commits.filter(({ events }) => events.length > 0))
    for (const change of stories.fold(held, { ...unread, ...commit, by: { id: '', ...commit.by } }))
      if (change.table === 'story' && 'put' in change) row = change.put as StoryRow;
  return row;
}

/** How many developments of a story had begun and were not retracted, and the last commit that changed one that had begun. */
async function countBegun(client: Client, story: string, begun: number) {
  const { rows } = await client.query<{ developments: number; changed: number }>(
    `select count(*) filter (where status <> 'retracted')::integer as developments, coalesce(max(changed), 0) as changed
     from timeline where story = $1 and begun <= $2`,
    [story, begun],
  );
  return rows[0]!;
}

/**
 * The last commit, after a position, that changed what had begun by an event that names nothing else. `client` reads the rows as of a
 * position, `happened` those of them that had begun. `changed`: the last commit that changed one of these by any event.
 */
async function lastChange(
  client: Client,
  happened: Client,
  { story, begun, changed, after }: { story: string; begun: number; changed: number; after: number },
): Promise<number> {
  let last = after;
  for (let position = changed; position > last; position = await changedBefore(client, story, begun, position)) {
    const { rows: named } = await client.query<{ development: string | null }>(
      `select unnest(array[act ->> 'development', act ->> 'by']) as development
       from timeline_change, jsonb_array_elements(acts) act where position = $1`,
      [position],
    );
    const { rows } = await happened.query<{ changed: number | null }>(
      'select max(changed) as changed from timeline where story = $1 and development = any($2)',
      [story, named.map(({ development }) => development)],
    );
    last = Math.max(last, rows[0]?.changed ?? 0);
  }
  return last;
}

/** The last commit before a position that changed what had begun. */
async function changedBefore(client: Client, story: string, begun: number, position: number): Promise<number> {
  const { rows } = await client.query<{ changed: number | null }>(
    'select max(changed) as changed from timeline where story = $1 and begun <= $2 and changed < $3',
    [story, begun, position],
  );
  return rows[0]?.changed ?? 0;
}
