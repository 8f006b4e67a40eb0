-- Up Migration
-- Streams whose rows were folded anew behind the position that readers had come to, and where the live build stood then.
-- No part of a build: a replay gives the rows, not the fact that they once were others.
create table dateline.refolded (
  -- SHA-256 of the stream's name, or * for all streams.
  stream text primary key,
  position integer not null,
  -- How often so far: two may fall on one position.
  times integer not null
);
