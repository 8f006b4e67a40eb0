create table story (
  story text collate "C" primary key,
  title text not null,
  summary text,
  zone text not null,
  language text,
  status text not null,
  opened text not null,
  closed text,
  developments integer not null,
  shredded integer not null,
  position integer not null,
  recorded text not null,
  pinned text,
  conditions jsonb not null
);

-- The list of stories, and which stories changed after a position.
create index story_position on story (position);

-- Postgres keeps no statistics of people's words, because a takedown would not reach them there.
alter table story alter conditions set statistics 0;
