// The bare pipeline's third process: it listens, and writes what it hears to every stream of Server-Sent Events.
import type { ServerResponse } from 'node:http';
import pg from 'pg';
import { serve } from './serve.js';

const followers = new Set<ServerResponse>();
const client = new pg.Client(process.env.DATABASE_URL);
await client.connect();
client.on('notification', ({ payload }) => {
  const frame = Buffer.from(`id: ${payload}\nevent: change\ndata: {}\n\n`);
  for (const follower of followers) follower.write(frame);
});
await client.query('listen bare');
await serve((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(': hello\n\n');
  followers.add(response);
  response.once('close', () => followers.delete(response));
});
