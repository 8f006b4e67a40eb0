-- Up Migration
-- The keys of what readers were shown of a story in the live build, and of nothing that is under embargo in it: all that the reader's
-- role may ask. What was not sealed under an id's key is never shown, so no other story brings a key out. It runs as its owner, who may
-- read the build. Builds come and go, so it finds the live one each time.
create function dateline_keys.readable(story text, developments text[])
returns table (development text, secret bytea, destroyed timestamptz)
language plpgsql stable security definer
set search_path to pg_catalog
as $$
declare
  build text;
begin
  select name into build from dateline.build where live;
  if build is null then
    return;
  end if;
  return query execute format(
    'select key.development, key.secret, key.destroyed from dateline_keys.key
     where key.development = any($2)
       and exists (select from %1$I.timeline shown where shown.story = $1 and shown.development = key.development)
       and not exists (select from %1$I.withheld where withheld.story = $1 and withheld.development = key.development)',
    build
  ) using story, developments;
end
$$;
revoke execute on function dateline_keys.readable(text, text[]) from public;
