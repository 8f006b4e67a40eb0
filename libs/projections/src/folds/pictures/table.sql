-- The pictures of developments that readers may see. Readers' role cannot select it: it holds what opens the sealed files.
create table picture (
  story text collate "C" not null,
  development text collate "C" not null,
  position integer not null,
  kept jsonb not null,
  files text[] not null,
  gone text[] not null,
  primary key (story, development)
);
create index picture_position on picture (position);
create index picture_files on picture using gin (files);

alter table picture alter kept set statistics 0, alter files set statistics 0, alter gone set statistics 0;
