-- What of a story is known to have begun by an instant, in its state as of a position: as if nothing had happened that is not known to
-- have begun by then. All that a development's row depends on besides its own events are the developments that replace it, or that it
-- replaces, and when it last changed.
--
-- Whether another development had begun, and what a commit did, is asked by scalar subqueries, each of them a look-up by key: Postgres joins
-- what `exists` or `join` asks, and may then read the whole story, or the changes of the whole log, for each row.

create view timeline as
select story, development, position, ordinal,
  -- The last commit that changed it by an event that names nothing but what had begun. Most commits name nothing else at all.
  case when not (
    select coalesce(bool_or(act ?| array['by', 'retracted', 'to']), false)
    from timeline_change made cross join lateral jsonb_array_elements(made.acts) act
    where made.position = held.changed
  ) then changed else coalesce((
    select was.valid_from from timeline_versions was
    where was.story = held.story and was.development = held.development and was.valid_from <= held.changed and (
      select coalesce(bool_or(
        act ->> 'act' not in ('ConditionSettled', 'ConditionSettledSealed') and held.development in (act ->> 'development', act ->> 'by')
        and not coalesce((
          select bool_or((
            select other.begun is null or other.begun > current_setting('dateline.begun')::double precision
            from timeline other where other.story = held.story and other.development = named limit 1
          )) from unnest(array[act ->> 'development', act ->> 'by', act ->> 'retracted', act ->> 'to']) named
        ), false)
      ), false)
      from timeline_change made cross join lateral jsonb_array_elements(made.acts) act where made.position = was.valid_from
    )
    order by was.valid_from desc limit 1
  ), changed) end as changed,
  kind, headline, body, data, occurred, sourcing, modality, byline, media, captures, begun, actors, conditions, recorded, by,
  case when status = 'superseded' and (
    select other.begun is null or other.begun > current_setting('dateline.begun')::double precision
    from timeline other where other.story = held.story and other.development = held.superseded_by limit 1
  ) then 'active' else status end as status,
  case when superseded_by is null or (
    select other.begun is null or other.begun > current_setting('dateline.begun')::double precision
    from timeline other where other.story = held.story and other.development = held.superseded_by limit 1
  ) then null else superseded_by end as superseded_by,
  case when supersedes = '{}' then supersedes else array(
    select replaced from unnest(supersedes) with ordinality each (replaced, n) where not coalesce((
      select other.begun is null or other.begun > current_setting('dateline.begun')::double precision
      from timeline other where other.story = held.story and other.development = replaced limit 1
    ), false) order by n
  ) end as supersedes,
  standing, checks, corrections, edits, retraction, key, pinned, links, lifted, takedown
from timeline held
where begun <= current_setting('dateline.begun')::double precision;

create view actor_mark as
select * from actor_mark where begun <= current_setting('dateline.begun')::double precision;

-- From here on `timeline` is the view above.
create view actor_citation as
select story, development, position, ordinal, recorded, kind, headline, occurred, begun, sourcing, standing, modality,
  case when status = 'superseded' then (
    select entry.status from timeline entry where entry.story = held.story and entry.development = held.development limit 1
  ) else status end as status
from actor_citation held
where begun <= current_setting('dateline.begun')::double precision;
