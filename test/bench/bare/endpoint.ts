// The bare pipeline's first process: an HTTP endpoint that parses JSON and appends it to Kafka. It sends each
// request at once; with TOGETHER, requests that arrive while a batch is in flight go into the next batch.
import { producing } from './kafka.js';
import { serve } from './serve.js';

interface Waiting {
  readonly id: string;
  readonly value: string;
  readonly appended: () => void;
}

const append = await producing();
let waiting: Waiting[] = [];
let isAway = false;

async function flush(): Promise<void> {
  isAway = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    await append(batch);
    for (const { appended } of batch) appended();
  }
  isAway = false;
}

await serve((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const id = request.headers['idempotency-key'] as string;
    const value = JSON.stringify(JSON.parse(Buffer.concat(chunks).toString()));
    const appended = () => {
      const body = JSON.stringify({ id });
      response.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
    };
    if (!process.env.TOGETHER) return void append([{ id, value }]).then(appended);
    waiting.push({ id, value, appended });
    if (!isAway) void flush();
  });
});
