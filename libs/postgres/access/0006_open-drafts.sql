-- Up Migration
-- Each editor-api looks through all open drafts once a minute; those that have ended are kept for some days.
create index on dateline_access.draft (id) where ended is null;
