-- The key points of each story, present and former ones.
create table key_point (
  story text collate "C" not null,
  text text collate "C" not null,
  -- Null where the list has it no more.
  place integer,
  -- Null where they were taken down.
  words text,
  cites text[] not null,
  position integer not null,
  recorded text not null,
  first integer not null,
  takedown jsonb,
  primary key (story, text)
);

-- Postgres keeps no statistics of people's words, because a takedown would not reach them there.
alter table key_point alter words set statistics 0;
