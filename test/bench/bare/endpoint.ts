// The bare pipeline's first process: an HTTP endpoint that parses JSON and appends it to Kafka.
import { producing } from './kafka.js';
import { serve } from './serve.js';

const append = await producing();
await serve((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const body = JSON.parse(Buffer.concat(chunks).toString()) as object;
    const id = request.headers['idempotency-key'] as string;
    await append(id, JSON.stringify(body));
    response.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify({ id }));
  });
});
