-- A story as readers get it: with its current header, its conditions, and counts without what was taken down.
create view readable_story as
select held.story, title, summary, zone, language, starts, ends, status, opened, closed, ended, continues,
  unretracted + gone.developments as developments, gone.shredded, held.position, held.recorded, pinned, named.conditions
from story held
  join story_header current on current.story = held.story and current.position = held.header
  cross join lateral (
    select coalesce(sum(developments), 0)::integer as developments, coalesce(sum(shredded), 0)::integer as shredded
    from story_shredded item where item.story = held.story
  ) gone
  cross join lateral (
    select coalesce(jsonb_object_agg(condition,
      jsonb_build_object('text', text, 'fate', fate, 'reason', reason, 'development', development, 'position', each.position)
      || case when text_id is null then '{}' else jsonb_build_object('text_id', text_id) end
    ), '{}') as conditions
    from story_condition each where each.story = held.story
  ) named;
