import { allOf, type Client } from '#postgres';
import { visibleAt } from '../visibility-log/table.js';

/** A state of a story that readers could see, and from when: ISO 8601, UTC, milliseconds. */
export interface Memento {
  /** The position of the last commit in it. */
  readonly position: number;
  readonly at: string;
}

/** The most commits whose mementos are listed at once. */
export const mementosAtOnce = 1_000;

/** Which mementos are asked for. */
export interface MementosOf {
  readonly story: string;
  /** The position of the build that is read. */
  readonly present: number;
  /** Includes states that differ only in an actor's name that an entry shows. */
  readonly named: boolean;
}

/**
 * The states of a story that readers could see. Commits that became visible together make one state. Commits that show readers nothing, as
 * under an embargo, make none, so that their time is not revealed. Each is found in an index; where actors' names count, see `renamesOf`.
 */
async function mementosIn(client: Client, { story, present, named }: MementosOf) {
  const renamed = named ? await renamesOf(client, story) : [];
  /** The first or last change in a range of positions. */
  const changed = async (most: 'min' | 'max', after: number, to: number) => {
    const { rows } = await client.query<{ position: number | null }>(
      `select ${most}(position) as position from (
         (select position from timeline_change where story = $1 and position > $2 and position <= $3
          order by position ${most === 'min' ? 'asc' : 'desc'} limit 1)
         union all select each from unnest($4::integer[]) each where each > $2 and each <= $3
       ) changed`,
      [story, after, to, renamed],
    );
    return rows[0]!.position ?? undefined;
  };
  /** When a position was shown, and those that were shown before it and with it. */
  const shownWith = async (asked: number) => {
    const { rows } = await client.query<{ before: number; last: number; at: string }>(
      `select last, at, coalesce((
         select max(last) from dateline.visibility earlier where earlier.last < shown.last
       ), 0) as before
       from (select last, at from dateline.visibility where last >= $1 order by last limit 1) shown where last <= $2`,
      [asked, present],
    );
    return rows[0];
  };
  const mementoWith = async (asked: number | undefined): Promise<Memento | undefined> => {
    const shown = asked === undefined ? undefined : await shownWith(asked);
    return shown && { position: (await changed('max', 0, shown.last))!, at: shown.at };
  };
  return { renamed, changed, shownWith, mementoWith };
}

/** Mementos in order, and the one that follows them. */
export interface Mementos {
  readonly mementos: readonly Memento[];
  readonly next: Memento | undefined;
}

/** The mementos after a position, oldest first: those of at most `most` commits. */
export async function mementosAfter(
  client: Client,
  asked: MementosOf,
  after: number,
  most = mementosAtOnce,
): Promise<Mementos> {
  const { renamed, changed, mementoWith } = await mementosIn(client, asked);
  const { rows } = await client.query<Memento & { last: number }>(
    `with changed as (
       (select position from timeline_change where story = $1 and position > $2 order by position limit $5)
       union all select each from unnest($4::integer[]) each where each > $2
       order by position limit $5
     ), shown as (
       select distinct last, at from changed cross join lateral (
         select last, at from dateline.visibility where last >= changed.position order by last limit 1
       ) shown where last <= $3
     )
     select last, at, greatest((
       select position from timeline_change where story = $1 and position <= last order by position desc limit 1
     ), (select max(each) from unnest($4::integer[]) each where each <= last)) as position
     from shown order by last`,
    [asked.story, after, asked.present, renamed, most],
  );
  const end = rows.at(-1)?.last;
  return {
    mementos: rows.map(({ position, at }) => ({ position, at })),
    next: end === undefined ? undefined : await mementoWith(await changed('min', end, asked.present)),
  };
}

/**
 * The positions at which an actor that the story showed then got another name. Reads the story's entries only if an actor was registered or
 * renamed after the story was opened.
 */
async function renamesOf(client: Client, story: string): Promise<number[]> {
  const { rows: renamed } = await client.query<{ position: number; actor: string }>(
    `select position, actor from readable_actor_change
     where renamed and position > (select min(position) from timeline_change where story = $1)`,
    [story],
  );
  if (renamed.length === 0) return [];
  const { rows: shown } = await client.query<{ position: number }>(
    `with showing as materialized (
       select entry -> 'actors' as actors, position as since,
         lead(position) over (partition by entry -> 'development' order by position) as until
       from timeline_change, jsonb_array_elements(entries) entry where story = $1
     )
     select position from unnest($2::integer[], $3::text[]) as renamed (position, actor) where exists (
       select from showing where actors ? actor and since < position and (until is null or until > position)
     )`,
    [story, renamed.map(({ position }) => position), renamed.map(({ actor }) => actor)],
  );
  return shown.map(({ position }) => position);
}

/** A memento, and those beside it. */
export interface Neighbours {
  readonly first: Memento;
  readonly prev: Memento | undefined;
  readonly self: Memento;
  readonly next: Memento | undefined;
  readonly last: Memento;
}

/** The memento at a position and its neighbours; undefined if readers never saw that position as the story's last. */
export async function mementoAt(client: Client, asked: MementosOf, position: number): Promise<Neighbours | undefined> {
  return neighboursOf(client, asked, await mementosIn(client, asked), position);
}

async function neighboursOf(
  client: Client,
  { present }: MementosOf,
  { changed, shownWith, mementoWith }: Awaited<ReturnType<typeof mementosIn>>,
  position: number,
): Promise<Neighbours | undefined> {
  const shown = await shownWith(position);
  if (!shown || (await changed('max', 0, shown.last)) !== position) return undefined;
  const self = { position, at: shown.at };
  const beside = async (change: Promise<number | undefined>) => mementoWith(await change);
  const [first, prev, next, last] = await allOf(
    beside(changed('min', 0, present)),
    beside(changed('max', 0, shown.before)),
    beside(changed('min', shown.last, present)),
    lastShown(client, present).then(to => beside(changed('max', 0, to))),
  );
  return { first: first!, prev, self, next, last: last! };
}

/**
 * The memento that readers saw at an instant (ISO 8601, UTC, milliseconds) and its neighbours; the first one for an earlier instant.
 * Undefined if the build does not have what readers saw then, as while it is rebuilt.
 */
export async function mementoSeenAt(
  client: Client,
  asked: MementosOf,
  instant: string,
): Promise<Neighbours | undefined> {
  const mementos = await mementosIn(client, asked);
  const { changed, mementoWith } = mementos;
  const last = await visibleAt(client, instant);
  if (last > asked.present) return undefined;
  const position =
    (await changed('max', 0, last)) ?? (await mementoWith(await changed('min', 0, asked.present)))?.position;
  return position === undefined ? undefined : neighboursOf(client, asked, mementos, position);
}

/** The last position up to the present one that readers saw. */
async function lastShown(client: Client, present: number): Promise<number> {
  const { rows } = await client.query<{ last: number }>(
    'select coalesce(max(last), 0) as last from dateline.visibility where last <= $1',
    [present],
  );
  return rows[0]!.last;
}
