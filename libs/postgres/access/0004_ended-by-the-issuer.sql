-- Up Migration
-- The issuer can end sessions (OpenID Connect Back-Channel Logout). It names them by the subject or by its own session, of which these are
-- hashes; the rest of a row stays sealed. Sessions from before have neither, and end by their time.
alter table dateline_access.session add column subject bytea, add column issuer_session bytea;
create index on dateline_access.session (subject);
create index on dateline_access.session (issuer_session);
