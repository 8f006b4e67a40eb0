-- Developments under embargo, in their present state, which readers must not get. The lift of its embargo deletes the row.
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

-- Postgres keeps no statistics of people's words, because a takedown would not reach them there.
alter table withheld alter content set statistics 0;
