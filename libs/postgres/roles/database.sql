-- Closes a newsroom's database to everyone except its apps. Run it as a superuser, connected to that database. Idempotent.
do $$
declare
  here text := current_database();
  other text;
  routine regprocedure;
begin
  execute format('revoke all on database %I from public', here);
  execute format('grant connect on database %I to dateline, dateline_projector, dateline_editor, dateline_audit, dateline_reader', here);
  -- Builds are schemas. An auditor creates temporary ones, to compare with.
  execute format('grant create on database %I to dateline, dateline_projector, dateline_audit', here);
  for other in
    select datname from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
    where datname in ('postgres', 'template1') and datname <> here and grantee = 0 and privilege_type = 'CONNECT'
  loop
    execute format('revoke all on database %I from public', other);
  end loop;
  -- Everyone may use these by default: locks that others wait for, large objects, notifications, records in the server's log, and code.
  for routine in
    select oid::regprocedure from pg_proc
    where pronamespace = 'pg_catalog'::regnamespace
      and (proname ~ '^pg_(try_)?advisory_'
        or proname ~ '^lo_(creat|create|from_bytea|import|put|truncate|unlink|open)' or proname = 'lowrite'
        or proname in ('pg_notify', 'pg_logical_emit_message', 'pg_export_snapshot'))
  loop
    execute format('revoke execute on function %s from public', routine);
    if routine::text !~ '^lo' then
      execute format('grant execute on function %s to dateline, dateline_projector, dateline_audit', routine);
    end if;
  end loop;
  revoke usage on language plpgsql from public;
  grant usage on language plpgsql to dateline, dateline_projector;
end
$$;
