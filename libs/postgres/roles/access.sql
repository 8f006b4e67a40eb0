-- The rights on the sessions, if the server has the roles. Run it as the schema's owner, after its migrations. Only the editor-api has any.
grant usage on schema dateline_access to dateline_editor;
grant select, insert, update, delete on dateline_access.session to dateline_editor;
grant select, insert, update, delete on dateline_access.machine to dateline_editor;
