import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const ANSWER_LIMIT_MS = 3_000;

// Metadata request, version 1, for no topics: size, API 3, version 1, correlation id 1, no client id, an empty list.
const METADATA_REQUEST = Buffer.from('0000000e' + '0003' + '0001' + '00000001' + 'ffff' + '00000000', 'hex');

/** Rejects unless the broker answers a metadata request. Uses the bare protocol: a client library would retry, wait and warn. */
export async function kafkaAnswers(broker: string): Promise<void> {
  const colon = broker.lastIndexOf(':');
  const socket = connect({ host: broker.slice(0, colon), port: Number(broker.slice(colon + 1)) });
  socket.setTimeout(ANSWER_LIMIT_MS, () => socket.destroy(new Error(`${broker} did not answer`)));
  socket.write(METADATA_REQUEST);
  let answer = Buffer.alloc(0);
  try {
    for await (const chunk of socket) {
      answer = Buffer.concat([answer, chunk as Buffer]);
      if (answer.length >= 12) break;
    }
  } finally {
    socket.destroy();
  }
  // The number of brokers follows the size and the correlation id.
  if (answer.length < 12 || answer.readInt32BE(8) < 1) throw new Error(`${broker} does not list a broker yet`);
}

/** Rejects unless the database answers a query. */
export async function postgresAnswers(databaseUrl: string, query = 'select 1'): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return await client.query(query);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Repeats `probe` until it succeeds; rejects with its last error once `limitMs` is over. */
export async function answeredWithin(limitMs: number, probe: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + limitMs;
  for (;;) {
    try {
      return void (await probe());
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(50);
    }
  }
}
