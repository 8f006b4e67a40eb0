-- Which rows of the permanent tables each app may read and write. Run it as the schema's owner, after its migrations. Idempotent.
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
  -- An auditor compares with a temporary build. The rows of such builds are the only ones here that an auditor may write.
  if not exists (select from pg_policies where schemaname = 'dateline' and policyname = 'auditing') then
    create policy auditing on dateline.build to dateline_audit
      using (starts_with(name, 'verify_') and not live) with check (starts_with(name, 'verify_') and not live);
  end if;
end
$$;
