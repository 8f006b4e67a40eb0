-- Up Migration
-- Several builds may be made by one version of the projections: what a rebuild makes, and what it replaces.
alter table dateline.build
  -- The name of the first build that this version makes: other projections, versions or tables have another.
  add column made text,
  -- When it last became the build that readers read; null while it never has.
  add column promoted_at timestamptz,
  -- Not dropped, though others went live after it.
  add column kept boolean not null default false,
  -- The projections that are folded so far, where the others' rows are still to be taken over; null for all.
  add column folded text[];
update dateline.build set made = name, promoted_at = case when live then now() end;
alter table dateline.build alter column made set not null;
-- When it last happened: a page that was loaded a while after that has what is new.
alter table dateline.refolded add column at timestamptz not null default clock_timestamp();
