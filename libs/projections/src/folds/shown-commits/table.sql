-- What readers may learn of each commit. A commit that shows them nothing, as under an embargo, has no row.
create table shown_commit (
  position integer,
  -- Null for the registry's commits and the log's first.
  story text collate "C",
  stream text collate "C" not null,
  recorded text collate "C" not null,
  by jsonb not null,
  -- What readers were shown, opened; null where it was taken down.
  events jsonb not null,
  -- With `recorded`, so that what was known at an instant is found in the index alone.
  primary key (position) include (recorded)
);
create index shown_commit_stream on shown_commit (stream, position);
create index shown_commit_story on shown_commit (story) where story is not null;

-- What was told is in no statistics, where a takedown would not reach it.
alter table shown_commit alter events set statistics 0;
