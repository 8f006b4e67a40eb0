-- The state of arbitration at the checkpoint: each stream's head.
create table stream (
  -- SHA-256 of the name. Writers of the log choose the name, so it may have any length and characters.
  id text primary key,
  -- As JSON, which can write the characters that a text of Postgres cannot hold.
  name text not null,
  head text not null,
  seq integer not null,
  -- The first winner that this version cannot read, and why; null while it can read all.
  quarantined_at integer,
  reason text
);

-- Winners of quarantined streams, as the log has them, for a version that can read them.
create table quarantined (
  position integer primary key,
  -- The `id` of the stream's head above.
  stream text not null,
  id text not null,
  seq integer not null,
  -- As JSON.
  headers text not null,
  value bytea not null
);
create index quarantined_stream on quarantined (stream, position);
