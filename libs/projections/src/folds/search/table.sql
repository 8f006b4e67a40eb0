create table search_story (
  story text collate "C" primary key,
  config text not null
);

create table search (
  story text collate "C" not null,
  development text collate "C" not null,
  position integer not null,
  ordinal integer not null,
  config regconfig not null,
  headline text not null,
  body text not null,
  own integer not null,
  linked text not null,
  primary key (story, development)
);
create index search_words on search using gin ((
  setweight(to_tsvector(config, headline), 'A') || setweight(to_tsvector(config, body), 'B') ||
  setweight(to_tsvector(config, linked), 'C')
));

-- Postgres keeps no statistics of people's words, because a takedown would not reach them there.
alter table search alter headline set statistics 0, alter body set statistics 0, alter linked set statistics 0;
alter index search_words alter column 1 set statistics 0;
