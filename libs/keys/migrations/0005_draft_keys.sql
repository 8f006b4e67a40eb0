-- Up Migration
-- The key of each draft, in a table of its own: the editor-api destroys these keys, and may destroy no key of the log's words.
create table dateline_keys.draft_key (
  development text collate "C" primary key,
  -- Null once it was destroyed: no key is made for it again.
  secret bytea,
  destroyed timestamptz,
  check ((secret is null) = (destroyed is not null))
);
alter table dateline_keys.draft_key alter secret set statistics 0;
