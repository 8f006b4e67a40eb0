// The floor of reads: pg and node:http. `/rows` selects the rows of a page of the timeline and serialises them; `/304` answers 304.
import pg from 'pg';
import { serve } from './serve.js';

const { DATABASE_URL, BUILD = '', STORY = '' } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const table = `${pg.escapeIdentifier(BUILD)}.timeline`;
const rows = {
  name: 'rows',
  text: `select * from ${table} where story = $1 order by position desc, ordinal desc limit 50`,
  values: [STORY],
};
await serve(async (request, response) => {
  if (request.url === '/304') return void response.writeHead(304, { ETag: '"x"' }).end();
  const body = Buffer.from(JSON.stringify((await pool.query(rows)).rows));
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
});
