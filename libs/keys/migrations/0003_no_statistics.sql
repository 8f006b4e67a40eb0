-- Up Migration
-- A key that is destroyed is to be in no statistics either.
alter table dateline_keys.key alter secret set statistics 0;
select pg_clear_attribute_stats('dateline_keys', 'key', 'secret', false);
