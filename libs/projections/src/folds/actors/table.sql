-- Every registered actor. Readers get `readable_actor`.
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

-- Each commit that changed an entry. Readers get `readable_actor_change`.
create table actor_change (
  position integer primary key,
  actor text collate "C" not null,
  recorded text collate "C" not null,
  -- Whether the actor's name is another one since.
  renamed boolean not null
);

-- Who is named by what readers may read of a development, in its present or in a former content.
create table actor_mention (
  story text collate "C" not null,
  development text collate "C" not null,
  actor text collate "C" not null,
  -- Since when.
  position integer not null,
  primary key (story, development, actor)
);
-- Since when an actor is named at all.
create index actor_mention_actor on actor_mention (actor, position);
-- Who is named since a position.
create index actor_mention_position on actor_mention (position);

-- Postgres keeps no statistics of people's words, because a takedown would not reach them there.
alter table actor alter name set statistics 0, alter aliases set statistics 0, alter description set statistics 0,
  alter wikidata set statistics 0, alter iso3166 set statistics 0;
