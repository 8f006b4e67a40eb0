// Many readers of one stream, in a separate process. `GET /last` waits until every reader has one more change. The answer is the time
// when the last reader got it.
import { connect } from 'node:net';
import { once } from 'node:events';
import { serve } from './bare/serve.js';

const { STREAM = '', COUNT } = process.env;
const [target, count] = [new URL(STREAM), Number(COUNT)];
const openAtOnce = 100;

let [came, last] = [0, 0];
let waiting: (() => void) | undefined;
function note(): void {
  last = performance.timeOrigin + performance.now();
  if (++came >= count) waiting?.();
}

async function open(): Promise<void> {
  const socket = connect(Number(target.port), target.hostname);
  socket.on('error', error => {
    console.error(error.message);
    process.exit(1);
  });
  await once(socket, 'connect');
  socket.write(`GET ${target.pathname} HTTP/1.1\r\nHost: ${target.host}\r\nAccept: text/event-stream\r\n\r\n`);
  await once(socket, 'data');
  socket.on('data', chunk => {
    if (chunk.includes('event: change')) note();
  });
}

for (let opened = 0; opened < count; opened += openAtOnce)
  await Promise.all(Array.from({ length: Math.min(openAtOnce, count - opened) }, open));
await serve(async (_, response) => {
  if (came < count) await new Promise<void>(resolve => (waiting = resolve));
  response.end(JSON.stringify({ last }));
  [came, waiting] = [0, undefined];
});
