create table story (
  story text collate "C" primary key,
  -- Null where the current header was taken down.
  title text,
  summary text,
  zone text not null,
  language text,
  starts text,
  ends text,
  header text,
  status text not null,
  opened text not null,
  closed text,
  ended text,
  continues text,
  developments integer not null,
  shredded integer not null,
  position integer not null,
  recorded text not null,
  pinned text,
  conditions jsonb not null
);

-- The list of stories, and which stories changed after a position.
create index story_position on story (position);

-- The versions of each story's header.
create table story_header (
  story text collate "C" not null,
  position integer not null,
  recorded text not null,
  by jsonb not null,
  text text,
  -- Null where it was taken down, like the other fields with people's words.
  title text,
  summary text,
  zone text not null,
  language text,
  starts text,
  ends text,
  reason text,
  takedown jsonb,
  primary key (story, position)
);

-- Postgres keeps no statistics of people's words, because a takedown would not reach them there.
alter table story alter title set statistics 0, alter summary set statistics 0, alter conditions set statistics 0;
alter table story_header alter title set statistics 0, alter summary set statistics 0, alter reason set statistics 0;
