create table story_state (
  story text collate "C" primary key,
  header integer not null,
  status text not null,
  opened text not null,
  closed text,
  ended text,
  continues text,
  -- Developments that were not retracted, those taken down included.
  unretracted integer not null,
  position integer not null,
  recorded text not null,
  pinned text
);

-- The list of stories, and which stories changed after a position.
create index story_position on story_state (position);

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

create table story_condition (
  story text collate "C" not null,
  condition text collate "C" not null,
  text text not null,
  fate text,
  reason text,
  development text,
  position integer,
  text_id text,
  changed integer not null,
  primary key (story, condition)
);

-- What takedowns add to the counts of a story, at the position of each recording, end of an embargo, retraction, header or key point whose
-- words are gone.
create table story_shredded (
  story text collate "C" not null,
  position integer not null,
  item text collate "C" not null,
  developments integer not null,
  shredded integer not null,
  primary key (story, position, item)
);

-- Postgres keeps no statistics of people's words, because a takedown would not reach them there.
alter table story_header alter title set statistics 0, alter summary set statistics 0, alter reason set statistics 0;
alter table story_condition alter text set statistics 0, alter reason set statistics 0;
