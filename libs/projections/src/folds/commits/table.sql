-- Every commit that this version could read, as the log has it. After a takedown its story is folded again from these rows.
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
  -- With `recorded`, so that the index alone answers which commit was the last one recorded by an instant.
  primary key (position) include (recorded)
);
create index commit_stream on commit (stream, position);
