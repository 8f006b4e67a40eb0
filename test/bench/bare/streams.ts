// The bare pipeline's third process: it writes each notification, or an event for each POST, to every stream of events.
import type { ServerResponse } from 'node:http';
import pg from 'pg';
import { serve } from './serve.js';

const followers = new Set<ServerResponse>();
const client = new pg.Client(process.env.DATABASE_URL);
await client.connect();
function tell(id: string): void {
  const frame = Buffer.from(`id: ${id}\nevent: change\ndata: {}\n\n`);
  for (const follower of followers) follower.write(frame);
}
client.on('notification', ({ payload = '' }) => tell(payload));
await client.query('listen bare');
await serve((request, response) => {
  // A POST sends an event to every stream without Postgres.
  if (request.method === 'POST') {
    tell('posted');
    return void response.end();
  }
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(': hello\n\n');
  followers.add(response);
  response.once('close', () => followers.delete(response));
});
