-- What each app may do with the keys, where the roles are there: as the schema's owner, after its migrations.
grant usage on schema dateline_keys to dateline_projector, dateline_editor, dateline_audit;
revoke all on schema dateline_keys from dateline_reader;
-- Makes them; destroys none.
grant select, insert on dateline_keys.key to dateline_editor;
-- Destroys them; a development that never had a key gets the mark that says so.
grant select, insert, update, maintain on dateline_keys.key to dateline_projector;
grant select on dateline_keys.key to dateline_audit;
grant select on dateline_keys.migration to dateline_editor, dateline_projector;
