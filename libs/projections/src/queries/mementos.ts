import { allOf, type Client } from '#postgres';

/** A state of a story that readers could see, and from when: ISO 8601, UTC, milliseconds. */
export interface Memento {
  /** The position of the last commit in it. */
  readonly position: number;
  readonly at: string;
}

/** The most states of a story that are listed; each takes about 150 bytes of memory. */
export const mementoLimit = 100_000;

/**
 * The latest states of the story that readers could see up to the position, in order, at most `limit`. Commits that became visible
 * together make one state. Commits that show readers nothing, as under an embargo, make none, so that their time is not revealed.
 * `named`: includes states that differ only in an actor's name that an entry shows.
 */
export async function mementosOf(
  client: Client,
  story: string,
  position: number,
  { named }: { named: boolean },
  limit = mementoLimit,
): Promise<Memento[]> {
  const renamed = named ? await renamesOf(client, story) : [];
  const { rows } = await client.query<Memento>(
    `with changed as (
       select position from timeline_change where story = $1 union all select unnest($3::integer[])
     )
     select max(position) as position, at from changed
     cross join lateral (
       select last, at from dateline.visibility where last >= changed.position order by last limit 1
     ) shown
     where last <= $2 group by last, at order by last desc limit $4`,
    [story, position, renamed, limit],
  );
  return rows.reverse();
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

/** The memento at a position and its neighbours, each found in an index; undefined if readers never saw that position as the story's last. */
export async function mementoAt(
  client: Client,
  story: string,
  present: number,
  position: number,
  { named }: { named: boolean },
): Promise<Neighbours | undefined> {
  const renamed = named ? await renamesOf(client, story) : [];
  const changed = async (most: 'min' | 'max', from: number, to: number) => {
    const { rows } = await client.query<{ position: number | null }>(
      `select ${most}(position) as position from (
         (select position from timeline_change where story = $1 and position > $2 and position <= $3
          order by position ${most === 'min' ? 'asc' : 'desc'} limit 1)
         union all select each from unnest($4::integer[]) each where each > $2 and each <= $3
       ) changed`,
      [story, from, to, renamed],
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
  const shown = await shownWith(position);
  if (!shown || (await changed('max', 0, shown.last)) !== position) return undefined;
  const self = { position, at: shown.at };
  const beside = async (asked: Promise<number | undefined>) => mementoWith(await asked);
  const [first, prev, next, last] = await allOf(
    beside(changed('min', 0, present)),
    beside(changed('max', 0, shown.before)),
    beside(changed('min', shown.last, present)),
    lastShown(client, present).then(to => beside(changed('max', 0, to))),
  );
  return { first: first!, prev, self, next, last: last! };
}

/** The last position up to the present one that readers saw. */
async function lastShown(client: Client, present: number): Promise<number> {
  const { rows } = await client.query<{ last: number }>(
    'select coalesce(max(last), 0) as last from dateline.visibility where last <= $1',
    [present],
  );
  return rows[0]!.last;
}
