-- A development that marks cite. A retraction deletes it and its marks.
create table actor_citation (
  story text collate "C" not null,
  development text collate "C" not null,
  position integer not null,
  ordinal integer not null,
  recorded text not null,
  kind text not null,
  headline text not null,
  occurred jsonb not null,
  -- In milliseconds since 1970.
  begun double precision,
  sourcing jsonb not null,
  standing text not null,
  modality jsonb not null,
  status text not null,
  primary key (story, development)
);

create table actor_mark (
  story text collate "C" not null,
  development text collate "C" not null,
  -- The place of the development, as in its citation.
  position integer not null,
  ordinal integer not null,
  begun double precision,
  mark integer not null,
  actor text collate "C" not null,
  facet text not null,
  key text not null,
  value jsonb not null,
  primary key (story, development, mark)
);
-- Postgres keeps no statistics of people's words, because a takedown would not reach them there.
alter table actor_citation
  alter headline set statistics 0, alter occurred set statistics 0, alter sourcing set statistics 0, alter modality set statistics 0;
alter table actor_mark alter value set statistics 0;
