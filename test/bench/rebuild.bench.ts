// What a rebuild costs: TEST_KIND=bench npx jest -c test/jest.config.mjs test/bench/rebuild
import { decisions } from '#domain';
import { ensureTopic, kafkaAppender } from '#event-log';
import { prepareKeyStore } from '#keys';
import { migrate } from '#postgres';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { id, said, secrets, telling, Writing } from '../../apps/audit/src/newsroom.fixture.js';
import { load, p95 } from '../faults/rebuild.fixture.js';
import { audit, lastLine, succeeds } from '../harness/audit.js';
import { TestNewsroom } from '../harness/newsroom.js';

const developments = Number(process.env.BENCH_COMMITS ?? 20_000);
const patience = 1_800_000;

let newsroom: TestNewsroom;
beforeAll(async () => {
  newsroom = await TestNewsroom.open({ prepare });
}, patience);
afterAll(() => newsroom?.close());

/** A log of one long story, with its keys. */
async function prepare({ KAFKA_BROKERS: list, LOG_TOPIC: topic, DATABASE_URL: url }: Readonly<Record<string, string>>) {
  const brokers = list!.split(',');
  const log = new Writing().register('mayor', 'The mayor');
  log.decide(decisions.openStory({ title: 'The storm', zone: 'UTC' }));
  for (let number = 0; number < developments; number++)
    log.decide(decisions.recordDevelopment(telling(number, said(`No. ${number}`))));
  await ensureTopic({ brokers, topic: topic! });
  await migrate(url!);
  await prepareKeyStore({ DATABASE_URL: url! });
  const client = new pg.Client(url);
  await client.connect();
  const ids = Array.from({ length: developments }, (_, number) => id(number));
  const keys = 'insert into dateline_keys.key (development, secret) select * from unnest($1::text[], $2::bytea[])';
  await client.query(keys, [ids, ids.map(secrets.get)]);
  await client.end();
  const appender = kafkaAppender({ brokers, topic: topic! });
  for (const record of log.records) if ((await appender.append(record)) !== 'sent') throw new Error('Not sent.');
  await appender.close();
}

test(
  'a rebuild while two editors post and two readers read',
  async () => {
    for (let position = 0; position < developments; await sleep(200))
      position = (await newsroom.onDatabase(client => client.query('select position from dateline.build where live')))
        .rows[0]?.position;
    const editors = [await newsroom.as(['editor']), await newsroom.as(['editor'])];
    const loaded = load(newsroom, editors, 50);
    await sleep(20_000);
    const began = performance.now();
    const report = lastLine(await succeeds(audit(newsroom, 'rebuild', '--json')));
    const ended = performance.now();
    await sleep(5_000);
    await loaded.stop();
    expect(loaded.wrong).toEqual([]);
    const before = loaded.reads.filter(({ at }) => at < began).map(({ ms }) => ms);
    const during = loaded.reads.filter(({ at }) => at >= began && at < ended).map(({ ms }) => ms);
    const { records, seconds, rate } = report;
    const figures = {
      reads: [before.length, during.length],
      p95: [p95(before), p95(during)],
      posted: loaded.posted.length,
    };
    console.log(JSON.stringify({ records, seconds, rate, ...figures, ratio: p95(during) / p95(before) }));
  },
  patience,
);
