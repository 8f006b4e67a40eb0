#!/bin/bash
# The newsroom's database, a role for each app, and their passwords. The database's own image runs it when its volume is new;
# the service `roles` runs it at each start, so that a newsroom of an earlier version gets the new roles too. Running it again changes nothing.
set -euo pipefail
folder=/opt/dateline/roles
if [ -n "${PGHOST:-}" ]; then
  PGPASSWORD=$(cat /run/secrets/postgres-password)
  export PGPASSWORD
fi
run() { psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 --username postgres "$@"; }
run --dbname postgres --file "$folder/server.sql"
for role in dateline dateline_projector dateline_editor dateline_audit dateline_reader; do
  # psql itself reads it, so that no list of processes shows it.
  run --dbname postgres -v role="$role" <<SQL
\set word \`cat /run/secrets/$role-password\`
alter role :"role" password :'word';
SQL
done
run --dbname postgres <<'SQL'
select 'create database dateline owner dateline' where not exists (select from pg_database where datname = 'dateline') \gexec
SQL
run --dbname dateline --file "$folder/database.sql"
