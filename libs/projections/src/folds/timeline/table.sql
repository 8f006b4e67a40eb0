create table timeline (
  story text collate "C" not null,
  development text collate "C" not null,
  position integer not null,
  ordinal integer not null,
  changed integer not null,
  kind text not null,
  -- Null where it was taken down, like every other field with people's words.
  headline text,
  body text,
  data jsonb,
  occurred jsonb,
  sourcing jsonb,
  modality jsonb,
  -- In milliseconds since 1970.
  begun double precision,
  byline jsonb,
  media jsonb,
  captures jsonb,
  actors text[] not null,
  conditions text[] not null,
  recorded text not null,
  by jsonb not null,
  status text not null,
  superseded_by text,
  supersedes text[] not null,
  standing text,
  checks jsonb not null,
  corrections jsonb not null,
  edits jsonb not null,
  retraction jsonb,
  key boolean not null,
  pinned boolean not null,
  links jsonb not null,
  lifted jsonb,
  takedown jsonb,
  primary key (story, development)
);
-- With `begun`, so that pages of what had happened by an instant pass over all else in the index.
create index timeline_order on timeline (story, position, ordinal, begun);
-- Which entries may differ between two moments.
create index timeline_changed on timeline (story, changed) where changed > position;
create index timeline_related on timeline (story, position) where superseded_by is not null or supersedes <> '{}' or links <> '[]';
create index timeline_conditional on timeline (story, position, ordinal) where conditions <> '{}';

create table timeline_change (
  position integer primary key,
  story text collate "C" not null,
  recorded text not null,
  by jsonb not null,
  acts jsonb not null,
  entries jsonb not null
);
create index timeline_change_story on timeline_change (story, position);

-- Postgres keeps no statistics of people's words, because a takedown would not reach them there.
alter table timeline
  alter headline set statistics 0, alter body set statistics 0, alter data set statistics 0, alter occurred set statistics 0,
  alter sourcing set statistics 0, alter modality set statistics 0, alter byline set statistics 0, alter media set statistics 0,
  alter captures set statistics 0, alter checks set statistics 0, alter corrections set statistics 0,
  alter edits set statistics 0, alter retraction set statistics 0;
alter table timeline_change alter acts set statistics 0, alter entries set statistics 0;
