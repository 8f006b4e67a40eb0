-- Up Migration
-- The tokens of programs. A token is shown once; the table has its hash alone.
create table dateline_access.machine (
  id uuid primary key,
  hash bytea not null unique,
  story text collate "C" not null,
  -- What it may do, by the acts' names.
  acts text[] not null,
  name text not null,
  maker text not null,
  maker_name text,
  made timestamptz not null default now(),
  expires timestamptz not null,
  revoked timestamptz,
  -- To the minute.
  used timestamptz
);
create index on dateline_access.machine (story, made);
