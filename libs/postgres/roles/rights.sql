-- The rights of each app on the permanent tables, if the server has the roles. Run it as the schema's owner, after its migrations.
grant usage on schema dateline to dateline_projector, dateline_audit, dateline_reader;
grant select on dateline.build, dateline.visibility, dateline.refolded to dateline_projector, dateline_audit, dateline_reader;
grant select on dateline.migration to dateline_projector;
grant insert, update, delete on dateline.build to dateline_projector;
grant insert, update on dateline.visibility, dateline.refolded to dateline_projector;
-- An auditor compares with a temporary build. The rows of such builds are the only ones here that an auditor may write.
grant insert, update, delete on dateline.build to dateline_audit;
grant insert, update on dateline.visibility, dateline.refolded to dateline_audit;
do $$
declare
  relation text;
begin
  foreach relation in array array['build', 'visibility', 'refolded'] loop
    if not exists (select from pg_policies where schemaname = 'dateline' and tablename = relation) then
      execute format('create policy reading on dateline.%I for select using (true)', relation);
      execute format('create policy folding on dateline.%I to dateline_projector using (true) with check (true)', relation);
      execute format('alter table dateline.%I enable row level security', relation);
    end if;
  end loop;
  if not exists (select from pg_policies where schemaname = 'dateline' and policyname = 'auditing') then
    create policy auditing on dateline.build to dateline_audit
      using (starts_with(name, 'verify_') and not live) with check (starts_with(name, 'verify_') and not live);
  end if;
end
$$;
