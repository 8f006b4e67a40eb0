-- Up Migration
-- Which positions became visible to readers when; a topic beside the log keeps the same for ever.
create table dateline.visibility (
  first integer not null,
  last integer primary key,
  -- ISO 8601, UTC, milliseconds. Never before the row before it.
  at text collate "C" not null,
  -- Whether the topic has it.
  sent boolean not null
);
create index visibility_unsent on dateline.visibility (last) where not sent;
