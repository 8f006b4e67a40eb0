-- What readers may learn of each commit of a story, and of the log's first. A commit that shows them nothing, as under an embargo, has no row.
create table shown_commit (
  position integer,
  -- Null for the log's first commit.
  story text collate "C",
  stream text collate "C" not null,
  recorded text collate "C" not null,
  by jsonb not null,
  -- The events that readers were shown, opened; a payload is null where it was taken down.
  events jsonb not null,
  -- Whether it changes more of its story's row than the count of developments and the time.
  shaping boolean not null,
  -- With `recorded`, so that the index alone answers which commit was the last one recorded by an instant.
  primary key (position) include (recorded)
);
create index shown_commit_stream on shown_commit (stream, position);
create index shown_commit_shaping on shown_commit (stream, position) where shaping;
create index shown_commit_story on shown_commit (story) where story is not null;

-- Postgres keeps no statistics of people's words, because a takedown would not reach them there.
alter table shown_commit alter events set statistics 0;
