-- A story as readers get it: with its current header, its conditions, and counts without what was taken down. It has the name and columns of
-- the table that earlier versions had, because their reader-apis read this build during an upgrade, and this one's may read theirs. What a
-- query does not select is not computed.
create view story as
select held.story, title, summary, zone, language, starts, ends, status, opened, closed, ended, continues,
  unretracted + coalesce((
    select sum(developments) from story_shredded item where item.story = held.story
  ), 0)::integer as developments,
  coalesce((select sum(shredded) from story_shredded item where item.story = held.story), 0)::integer as shredded,
  held.position, held.recorded, pinned,
  coalesce((
    select jsonb_object_agg(condition,
      jsonb_build_object(
        'text', named.text, 'fate', fate, 'reason', named.reason, 'development', development, 'position', named.position
      ) || case when text_id is null then '{}' else jsonb_build_object('text_id', text_id) end
    ) from story_condition named where named.story = held.story
  ), '{}') as conditions
from story_state held
  left join story_header current on current.story = held.story and current.position = held.header;
