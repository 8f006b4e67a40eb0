#!/bin/bash
# Run once, by the database's own image, when its volume is new: the newsroom's user, and one who only reads.
set -euo pipefail
owner=$(cat /run/secrets/dateline-password) reader=$(cat /run/secrets/reader-password)
psql -v ON_ERROR_STOP=1 --username postgres --dbname postgres -v owner="$owner" -v reader="$reader" <<'SQL'
create role dateline login password :'owner';
create role dateline_reader login password :'reader' in role pg_read_all_data;
create database dateline owner dateline;
revoke all on database dateline from public;
grant connect on database dateline to dateline_reader;
SQL
