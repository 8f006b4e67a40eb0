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
  primary key (position)
);
-- The earliest time of each block of positions, large and small: see `readableAt` in queries.ts.
create index shown_commit_large on shown_commit ((position >> 14), recorded);
create index shown_commit_small on shown_commit ((position >> 7), recorded);
create index shown_commit_stream on shown_commit (stream, position);
create index shown_commit_shaping on shown_commit (stream, position) where shaping;
create index shown_commit_story on shown_commit (story) where story is not null;

-- Postgres keeps no statistics of people's words, because a takedown would not reach them there.
alter table shown_commit alter events set statistics 0;
