-- The registry as readers may read it: only actors whom something readable names. The views join tables of several streams, because a row
-- depends on one stream alone. They are barriers: a condition of a reader's query is not tried on rows that they leave out.

-- An entry changes for readers at `position`: when it was written, or later, when the actor or an affiliation became readable.
create view readable_actor with (security_barrier) as
select held.actor, name, kind, aliases,
  array(
    select id from unnest(affiliations) with ordinality each (id, n)
    where exists (select from actor_mention named where named.actor = id) order by n
  ) as affiliations,
  description, wikidata, iso3166,
  greatest(position, since, (
    select max(first) from unnest(affiliations) id
      cross join lateral (select min(named.position) as first from actor_mention named where named.actor = id) affiliated
  )) as position
from actor held
  cross join lateral (select min(named.position) as since from actor_mention named where named.actor = held.actor) shown
where since is not null;

-- The changes of entries that readers noticed: of actors who were named by then.
create view readable_actor_change with (security_barrier) as
select position, actor, recorded, renamed from actor_change changed
where exists (select from actor_mention named where named.actor = changed.actor and named.position <= changed.position);
