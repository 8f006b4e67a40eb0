-- Up Migration
-- The key of each development's content. Nothing else can be made anew from it: keep backups of it apart from the log's.
create table dateline_keys.key (
  development text collate "C" primary key,
  -- Null once it was destroyed: no key is made for it again.
  secret bytea,
  destroyed timestamptz,
  check ((secret is null) = (destroyed is not null))
);
