create table actor (
  actor text collate "C" primary key,
  name text not null,
  kind text not null,
  aliases text[] not null,
  affiliations text[] not null,
  description text,
  wikidata text,
  iso3166 text,
  position integer not null
);
-- Whether the registry changed after a position.
create index actor_position on actor (position);
