import { allOf, type Client } from '#postgres';
import { storyAsOf } from '../folds/as-of.js';
import { developmentsOf, type ReadableCommit, type ShownEvent } from '../folds/fold.js';
import { recordedAt, shapingCommitsOf } from '../folds/shown-commits/queries.js';
import type { StoryRow } from '../folds/stories/rows.js';
import type { ActDone } from '../folds/timeline/rows.js';
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
  const [commits, counted] = await allOf(
    shapingCommitsOf(then, story, position, most + 1),
    countBegun(then, story, begun),
  );
  if (commits.length > most) throw new TooManyShaping(commits[most - 1]!.position);
  const { developments, changed, acts, recorded } = counted;
  const named = [...commits.flatMap(developmentsOf), ...acts.flatMap(namedIn)];
  const states = await statesOf(then, story, named, begun);
  const row = storyAsOf(commits.map(commit => keptOf(commit, states, begun)).filter(({ events }) => events.length > 0));
  if (!row) return undefined;
  const counts = { ...row, developments, shredded: 0 };
  if (changed <= row.position) return counts;
  if (changesBegun(acts, states, changed)) return { ...counts, position: changed, recorded: recorded! };
  const last = await lastChange(then, asOf(position, begun), { story, begun, changed, after: row.position });
  if (last <= row.position) return counts;
  return { ...counts, position: last, recorded: (await recordedAt(then, [last])).get(last)! };
}

/** A development as of a position: the last commit that changed it by any event, and whether it had begun. */
interface State {
  readonly changed: number;
  readonly begun: boolean;
}
/** Those of the developments that exist, by id. */
type States = ReadonlyMap<string, State>;

async function statesOf(
  client: Client,
  story: string,
  developments: readonly string[],
  begun: number,
): Promise<States> {
  const { rows } = await client.query<State & { readonly development: string }>(
    `select development, changed, coalesce(begun <= $3, false) as begun from timeline where story = $1 and development = any($2)`,
    [story, [...new Set(developments)], begun],
  );
  return new Map(rows.map(({ development, ...state }) => [development, state]));
}

const isLater = (states: States, id: string) => states.get(id)?.begun === false;

const namedIn = ({ development, by, retracted, to }: ActDone) =>
  [development, by, retracted, to].filter(id => id !== undefined);

/**
 * Whether one of these acts, of a commit, changed a development that had begun, and names nothing that had not. If none did, an earlier
 * commit may have been the last one.
 */
const changesBegun = (acts: readonly ActDone[], states: States, position: number): boolean =>
  acts.some(
    act =>
      act.act !== 'ConditionSettled' &&
      act.act !== 'ConditionSettledSealed' &&
      !namedIn(act).some(id => isLater(states, id)) &&
      [act.development, act.by].some(id => id !== undefined && states.get(id)?.changed === position),
  );

/** A settled condition without a development to date it, a new header, or key points, which may give the outcome: only the recording time is known. */
const isUndated = ({ type, data }: ShownEvent): boolean =>
  type === 'StoryAmended' ||
  type === 'KeyPointWritten' ||
  type === 'KeyPointsSet' ||
  ((type === 'ConditionSettled' || type === 'ConditionSettledSealed') && data.development === undefined);

function keptOf(commit: ReadableCommit, states: States, begun: number): ReadableCommit {
  const happened = (event: ShownEvent) =>
    isUndated(event)
      ? Date.parse(commit.recorded) <= begun
      : !developmentsOf({ events: [event] }).some(id => isLater(states, id));
  return { ...commit, events: commit.events.filter(happened) };
}

/**
 * How many developments of a story had begun and were not retracted; the last commit that changed one that had begun, its acts and when it was
 * recorded. One scan of an index.
 */
async function countBegun(client: Client, story: string, begun: number) {
  const { rows } = await client.query<{
    developments: number;
    changed: number;
    made: { acts: ActDone[]; recorded: string } | null;
  }>(
    `select developments, changed, (
       select jsonb_build_object('acts', acts, 'recorded', recorded) from timeline_change where position = counted.changed
     ) as made
     from (
       select count(*) filter (where status <> 'retracted')::integer as developments, coalesce(max(changed), 0) as changed
       from timeline where story = $1 and begun <= $2
     ) counted`,
    [story, begun],
  );
  const { made, ...counted } = rows[0]!;
  return { ...counted, acts: made?.acts ?? [], recorded: made?.recorded };
}

/** How many commits are looked at together at first, and how many times as many each next time. */
const together = 20;
const growth = 10;

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
  let to = changed;
  for (let limit = together; to > last; limit *= growth) {
    const found = await changesTo(client, story, begun, to, limit);
    const { rows } = await happened.query<{ changed: number | null }>(
      'select max(changed) as changed from timeline where story = $1 and development = any($2)',
      [story, [...new Set(found.flatMap(({ named }) => named))]],
    );
    last = Math.max(last, rows[0]?.changed ?? 0);
    if (found.length < limit) break;
    to = found.at(-1)!.position - 1;
  }
  return last;
}

/** The last commits up to a position that changed what had begun, latest first, and which developments each of them changed. */
async function changesTo(client: Client, story: string, begun: number, to: number, limit: number) {
  const { rows } = await client.query<{ position: number; named: string[] }>(
    `select position, array(
       select distinct named from timeline_change made, jsonb_array_elements(made.acts) act,
         unnest(array[act ->> 'development', act ->> 'by']) named
       where made.position = late.position and named is not null
     ) as named
     from (
       select distinct position from (
         (select distinct position from timeline where story = $1 and position <= $3 and changed = position and begun <= $2
          order by position desc limit $4)
         union all
         (select distinct changed from timeline where story = $1 and changed > position and changed <= $3 and begun <= $2
          order by changed desc limit $4)
       ) each
       order by position desc limit $4
     ) late`,
    [story, begun, to, limit],
  );
  return rows;
}
