-- Up Migration
-- The position of the last takedown that the build has obeyed; null while it came to none. One that readers left before it
-- still holds the words.
alter table dateline.build add column shredded integer;
