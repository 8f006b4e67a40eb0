-- What arbitration knows at the checkpoint: each stream's head.
create table stream (
  stream text collate "C" primary key,
  head text not null,
  seq integer not null,
  -- The first winner that cannot be read here, and why; null while all can.
  quarantined_at integer,
  reason text
);

-- Winners of quarantined streams, as they stand in the log, for a version that can read them.
create table quarantined (
  position integer primary key,
  stream text collate "C" not null,
  id text not null,
  seq integer not null,
  headers jsonb not null,
  value bytea not null
);
create index quarantined_stream on quarantined (stream, position);
