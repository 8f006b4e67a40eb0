-- Every commit that could be read, as the log has it: what a story is folded from again after a takedown.
create table commit (
  position integer,
  id text not null,
  stream text collate "C" not null,
  seq integer not null,
  parent text not null,
  recorded text collate "C" not null,
  command text not null,
  by jsonb not null,
  events jsonb not null,
  kind text,
  -- With `recorded`, so that what was known at an instant is found in the index alone.
  primary key (position) include (recorded)
);
create index commit_stream on commit (stream, position);
