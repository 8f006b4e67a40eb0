-- What readers must not get: developments under embargo, as they stand. One goes when its embargo is lifted.
create table withheld (
  story text collate "C" not null,
  development text collate "C" not null,
  position integer not null,
  recorded text not null,
  by jsonb not null,
  until text,
  content jsonb,
  outline jsonb not null,
  standing text not null,
  key boolean not null,
  links jsonb not null,
  retracted boolean not null,
  takedown jsonb,
  primary key (story, development)
);

-- What was told is in no statistics, where a takedown would not reach it.
alter table withheld alter content set statistics 0;
