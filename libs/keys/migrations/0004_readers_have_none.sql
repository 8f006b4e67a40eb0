-- Up Migration
-- Readers' answers are made from what they were shown, which is in the projections' rows: no key is asked for.
drop function dateline_keys.readable(text, text[]);
