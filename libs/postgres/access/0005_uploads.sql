-- Up Migration
-- Large files that arrive in parts. The parts are sealed files of the blob store; nobody needs a row after it expires.
create table dateline_access.upload (
  id uuid primary key,
  person text collate "C" not null,
  story text collate "C" not null,
  -- A keyed hash of the file's SHA-256: the same file again continues, and the table cannot show which file it is.
  mark bytea not null,
  size integer not null,
  -- Sealed: what opens the parts, and what the client said of the file.
  sealed text not null,
  moved timestamptz not null default now(),
  expires timestamptz not null,
  -- Since when a process has been putting the parts together.
  claimed timestamptz,
  -- Sealed: the answer to the finished upload, for a client that lost it.
  answer text
);
create unique index on dateline_access.upload (person, story, mark) where answer is null;
create index on dateline_access.upload (expires);

create table dateline_access.upload_part (
  upload uuid not null references dateline_access.upload on delete cascade,
  number integer not null,
  -- Of its file in the sealed part of the blob store.
  name text not null,
  primary key (upload, number)
);
