import { ensureTopic, kafkaAppender, kafkaReader } from '#event-log';
import { Kafka, logLevel } from 'kafkajs';
import { openPool } from '#postgres';
import type { Services } from '#dev-servers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hold, type Holder } from '../../libs/dev-servers/src/held.fixture.js';
import { docker } from './compose.js';

const dir = mkdtempSync(join(tmpdir(), 'dateline-ways-'));
const opened: Holder[] = [];
const answers: Record<string, unknown> = {};
/** The folder of the temporary servers of this test. */
const temp = join(dir, 'temp');
mkdirSync(temp);

/** The ids of the containers that this file has started. */
async function ours(): Promise<string[]> {
  const all = await docker('ps', '--all', '--format', '{{.ID}} {{.Label "dateline.dir"}}');
  return all.split('\n').flatMap(line => (line.split(' ')[1]?.startsWith(dir) ? [line.split(' ')[0]!] : []));
}

/** Provisions in a separate process, which stops the servers even if the tests are interrupted. */
async function by(way: Services['provisionedBy'], env: Record<string, string> = {}): Promise<Holder['services']> {
  const holder = await hold(join(dir, way), false, temp, way, env);
  opened.push(holder);
  return holder.services;
}

beforeAll(async () => {
  const native = await by('native');
  const { kafkaBrokers: KAFKA_BROKERS, databaseUrl: DATABASE_URL } = native;
  const external = await by('external', { KAFKA_BROKERS, DATABASE_URL });
  const containers = await by('docker');
  for (const services of [native, external, containers]) answers[services.provisionedBy] = await ask(services);
});
afterAll(async () => {
  for (const holder of opened) await holder.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** The answers of the servers, however they were provisioned. */
async function ask({ kafkaBrokers, databaseUrl }: Holder['services']) {
  return { postgres: await askPostgres(databaseUrl), kafka: await askKafka(kafkaBrokers.split(',')) };
}

async function askPostgres(url: string) {
  const pool = openPool(url, { application: 'ways', max: 2 });
  const one = async (sql: string) => (await pool.query(sql)).rows[0] as Record<string, unknown>;
  const refused = (sql: string) =>
    pool.query(sql).then(
      () => 'taken',
      (error: { code: string }) => error.code,
    );
  try {
    return {
      major: await one(`select current_setting('server_version_num')::int / 10000 as major`),
      encoding: await one('show server_encoding'),
      zone: await one(`select (timestamptz '2026-03-29 01:30:00+01')::text as at`),
      order: await one(
        `select string_agg(word, ' ' order by word collate "C") as words from unnest('{b,Z,a,ä,é}'::text[]) word`,
      ),
      json: await one(`select '{"b":1,"a":[1.0,null]}'::jsonb::text as json`),
      digest: await one(`select encode(sha256('x'), 'hex') as digest`),
      duplicates: await refused('create temp table t (a int primary key); insert into t values (1), (1)'),
      division: await refused('select 1 / 0'),
    };
  } finally {
    await pool.end();
  }
}

async function askKafka(brokers: readonly string[]) {
  const log = { brokers, topic: `ways-${randomUUID()}` };
  const [appender, reader] = [kafkaAppender(log), kafkaReader(log)];
  const value = (size: number) => Buffer.alloc(size, 'ä');
  const append = (size: number) => appender.append({ key: 'k', headers: { ce_id: 'one' }, value: value(size) });
  const absent = await reader.bounds().catch((error: { code: string }) => error.code);
  try {
    await ensureTopic(log);
    const outcomes = [await append(10), await append(900_000), await append(1_100_000), await append(0)];
    const read: unknown[] = [];
    const done = new AbortController();
    await reader.read(
      0,
      async records => {
        for (const { offset, headers, value } of records) read.push([offset, headers, value.length]);
        if (read.length >= 3) done.abort();
      },
      done.signal,
    );
    return { absent, outcomes, read, bounds: await reader.bounds() };
  } finally {
    await Promise.all([appender.close(), reader.close()]);
  }
}

test.each(['external', 'docker'])('servers provisioned by %s give the same answers as native ones', way => {
  expect(answers[way]).toBeDefined();
  expect(answers[way]).toEqual(answers.native);
});

test('native servers give the answers that the product relies on', () =>
  expect(answers.native).toMatchObject({
    postgres: { major: { major: 18 }, encoding: { server_encoding: 'UTF8' }, duplicates: '23505' },
    kafka: { absent: 'log-unreachable', outcomes: ['sent', 'sent', 'not-sent', 'sent'] },
  }));

test.each(['native', 'docker'])('Kafka’s users sign in, and may do nothing without a rule: %s', async way => {
  const { kafkaUsers } = opened.find(({ services }) => services.provisionedBy === way)!.services;
  const { brokers, passwords } = kafkaUsers!;
  const creating = async (password: string) => {
    const sasl = { mechanism: 'plain' as const, username: 'someone', password };
    const client = new Kafka({ brokers: [brokers], sasl, logLevel: logLevel.NOTHING, retry: { retries: 1 } });
    const admin = client.admin();
    try {
      await admin.connect();
      return await admin.createTopics({ topics: [{ topic: 'mine' }] });
    } catch (error) {
      // kafkajs has one error for each topic.
      const { message, errors = [] } = error as Error & { errors?: readonly Error[] };
      return [message, ...errors.map(each => each.message)].join(' ');
    } finally {
      await admin.disconnect();
    }
  };
  expect(await creating(passwords.someone!)).toMatch(/authoriz/i);
  expect(await creating('another')).toMatch(/authentication/i);
});

test('a process removes the containers of a killed one at its start, and its own when it stops', async () => {
  const killed = opened.at(-1)!;
  killed.process.kill('SIGKILL');
  await killed.stop();
  const left = await ours();
  expect(left).toHaveLength(2);
  const next = await hold(join(dir, 'next'), false, temp, 'docker');
  const now = await ours();
  expect(now).toHaveLength(2);
  expect(now.filter(id => left.includes(id))).toEqual([]);
  await next.stop();
  expect(await ours()).toEqual([]);
});
