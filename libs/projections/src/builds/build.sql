-- What arbitration knows at the checkpoint: each stream's head.
create table stream (
  -- SHA-256 of the name, which whoever writes to the log chooses, of any length and characters.
  id text primary key,
  -- As JSON, which has a form for what a text cannot hold here.
  name text not null,
  head text not null,
  seq integer not null,
  -- The first winner that cannot be read here, and why; null while all can.
  quarantined_at integer,
  reason text
);

-- Winners of quarantined streams, as they stand in the log, for a version that can read them.
create table quarantined (
  position integer primary key,
  -- The stream's id above.
  stream text not null,
  id text not null,
  seq integer not null,
  -- As JSON.
  headers text not null,
  value bytea not null
);
create index quarantined_stream on quarantined (stream, position);
