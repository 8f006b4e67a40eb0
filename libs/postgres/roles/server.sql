-- Creates the roles of the apps on a server, without passwords. Run it as a superuser, in any of its databases. Idempotent.
do $$
declare
  app text;
begin
  foreach app in array array['dateline', 'dateline_projector', 'dateline_editor', 'dateline_audit', 'dateline_reader'] loop
    if not exists (select from pg_roles where rolname = app) then
      execute format('create role %I login', app);
    end if;
  end loop;
  -- Earlier versions let this role read everything.
  if pg_has_role('dateline_reader', 'pg_read_all_data', 'member') then
    revoke pg_read_all_data from dateline_reader;
  end if;
end
$$;

-- The owner has the projector's rights. The projector drops builds that auditors left, and ends readers' transactions that are too old.
grant dateline_projector to dateline;
grant dateline_audit, dateline_reader to dateline_projector;

-- Together fewer than a server with max_connections=200 has, so that no app takes the connections of another. How many processes each
-- carries: docs/operate.md.
alter role dateline_reader connection limit 92;
alter role dateline_projector connection limit 40;
alter role dateline_editor connection limit 40;
alter role dateline_audit connection limit 20;

-- Defaults of a session. A session may change most of them, so the projector ends readers' transactions that are too old.
alter role dateline_reader set default_transaction_read_only = on;
alter role dateline_reader set statement_timeout = '15s';
alter role dateline_reader set lock_timeout = '5s';
alter role dateline_reader set idle_in_transaction_session_timeout = '30s';
alter role dateline_reader set transaction_timeout = '60s';
-- A session cannot change this one.
alter role dateline_reader set temp_file_limit = '256MB';
alter role dateline_editor set statement_timeout = '15s';
alter role dateline_editor set lock_timeout = '5s';
alter role dateline_editor set idle_in_transaction_session_timeout = '30s';
alter role dateline_editor set transaction_timeout = '60s';
alter role dateline_editor set temp_file_limit = '256MB';
alter role dateline_projector set idle_in_transaction_session_timeout = '5min';
alter role dateline_audit set idle_in_transaction_session_timeout = '10min';
