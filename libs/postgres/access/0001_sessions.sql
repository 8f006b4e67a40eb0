-- Up Migration
-- The sessions of people who have signed in at the desk. What a row holds is sealed under a key that only the browser's cookie has, and the
-- row's id is the hash of the cookie: this table opens no session and tells nobody's name.
create table dateline_access.session (
  id bytea primary key,
  sealed text not null,
  -- When the issuer last confirmed the person and the roles.
  checked timestamptz not null default now(),
  -- Until when one process is asking the issuer: a refresh token may be used only once.
  asking timestamptz,
  ends timestamptz not null
);
create index on dateline_access.session (ends);
