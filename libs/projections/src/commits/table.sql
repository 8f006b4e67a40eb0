-- Every commit that could be read, as the log has it: what reads of the past are folded from.
create table commit (
  position integer primary key,
  id text not null,
  stream text collate "C" not null,
  seq integer not null,
  parent text not null,
  recorded text collate "C" not null,
  command text not null,
  by jsonb not null,
  events jsonb not null,
  kind text
);
create index commit_stream on commit (stream, position);
