-- Up Migration
-- So that the last position that readers could see at an instant is found without reading all later ones.
create index visibility_at on dateline.visibility (at, last);
