import pg from 'pg';

/** The names of the tables that this database role can read. */
async function readableNames(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace on pg_namespace.oid = relnamespace
     where relkind in ('r', 'v', 'm', 'p', 'f') and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
       and has_schema_privilege(nspname, 'usage') and has_table_privilege(pg_class.oid, 'select')`,
  );
  return rows.map(({ name }) => name);
}

/** Reads as this role, with every row of the past in the views, and without a limit of time. */
async function signedIn<Found>(databaseUrl: string, read: (client: pg.Client) => Promise<Found>): Promise<Found> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(
      "select set_config('dateline.at', '1000000', false), set_config('dateline.begun', '1e15', false), set_config('statement_timeout', '0', false)",
    );
    return await read(client);
  } finally {
    await client.end();
  }
}

/** The text of every row that this database role can read, of the present and of the past, with the names of the tables. */
export function readableTables(databaseUrl: string): Promise<{ names: string[]; text: string }> {
  return signedIn(databaseUrl, async client => {
    const names = await readableNames(client);
    let text = '';
    for (const name of names)
      text += (await client.query(`select to_jsonb(it)::text as row from ${name} it`)).rows
        .map(({ row }) => row)
        .join('\n');
    return { names, text };
  });
}

/** The names of the tables in which this database role can read a word, in the present or in the past. */
export function tablesWith(word: string, databaseUrl: string): Promise<string[]> {
  return signedIn(databaseUrl, async client => {
    const found: string[] = [];
    for (const name of await readableNames(client)) {
      const sql = `select from ${name} it where strpos(to_jsonb(it)::text, $1) > 0 limit 1`;
      if ((await client.query(sql, [word])).rowCount) found.push(name);
    }
    return found;
  });
}
