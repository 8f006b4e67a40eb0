-- The rights of each app on the keys, if the server has the roles. Run it as the schema's owner, after its migrations.
grant usage on schema dateline_keys to dateline_projector, dateline_editor, dateline_audit;
revoke all on schema dateline_keys from dateline_reader;
-- The editor-api creates keys and destroys none.
grant select, insert on dateline_keys.key to dateline_editor;
-- The projector destroys keys. For a development that never had a key it inserts a row that says so.
grant select, insert, update, maintain on dateline_keys.key to dateline_projector;
grant select on dateline_keys.key to dateline_audit;
grant select on dateline_keys.migration to dateline_editor, dateline_projector;
