-- Up Migration
-- Which builds of the projections there are and how far each has come. Only what is not disposable has migrations.
create table dateline.build (
  name text primary key,
  -- The log's id: the commit id of its first record.
  log text,
  -- How many commits have won up to the checkpoint, and the offset of the next record to read.
  position integer not null default 0,
  next_offset bigint not null default 0,
  -- A digest of the record just before next_offset, to notice a log that was replaced.
  last_record text,
  live boolean not null default false
);
create unique index build_live on dateline.build (live) where live;
