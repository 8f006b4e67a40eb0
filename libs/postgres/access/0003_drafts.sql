-- Up Migration
-- Drafts that a story's team shares. What people wrote is sealed under a key of each draft (dateline_keys.draft_key).
create table dateline_access.draft (
  id text collate "C" primary key,
  story text collate "C" not null,
  -- Every change names the version that it replaces.
  version integer not null,
  -- Whose work it is. Others of the team can take it over.
  holder text collate "C" not null,
  holder_name text,
  begun timestamptz not null default now(),
  changed timestamptz not null default now(),
  -- Sealed: what it is about, and its first words. Null once it has ended.
  summary text,
  ended timestamptz,
  ended_by text collate "C",
  ended_by_name text,
  -- posted or discarded
  ended_how text,
  -- Whether the key was destroyed after the end.
  destroyed boolean not null default false,
  check ((summary is null) = (ended is not null))
);
create index on dateline_access.draft (story, changed);
create index on dateline_access.draft (ended) where ended is not null;

-- The latest contents of a draft, each sealed, with who wrote it.
create table dateline_access.draft_version (
  draft text collate "C" not null references dateline_access.draft on delete cascade,
  version integer not null,
  author text collate "C" not null,
  author_name text,
  began timestamptz not null default now(),
  saved timestamptz not null default now(),
  sealed text not null,
  primary key (draft, version)
);

-- Who is at what, for as long as their desk says so. Nobody needs it after a crash.
create unlogged table dateline_access.presence (
  story text collate "C" not null,
  person text collate "C" not null,
  -- One of the person's open pages.
  tab text collate "C" not null,
  person_name text,
  does text not null,
  target text,
  since timestamptz not null default now(),
  ends timestamptz not null,
  primary key (story, person, tab)
);
create index on dateline_access.presence (ends);
