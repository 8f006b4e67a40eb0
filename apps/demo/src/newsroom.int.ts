import { lackedByKafka, startGuardedKafka } from '#dev-servers';
import { kafkaAppender } from '#event-log';
import { kafkaSettings as schemas, logOf, readSettings } from '#platform';
import { prepareDatabase } from '#projections';
import { roledApps, rights } from '#rights';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { withRoles } from '../../../test/harness/roles.js';
import { kafkaSettings, signedIn } from './newsroom.js';

const ifRoles = withRoles() ? describe : describe.skip;

let server: pg.Client;
let name: string;
let databaseUrl: string;
beforeEach(async () => {
  server = new pg.Client(process.env.DATABASE_URL!);
  await server.connect();
  name = `demo_${randomUUID().replaceAll('-', '')}`;
  await server.query(`create database ${name}`);
  databaseUrl = Object.assign(new URL(process.env.DATABASE_URL!), { pathname: `/${name}` }).href;
});
afterEach(async () => {
  await server.query(`drop database ${name} with (force)`);
  await server.end();
});

const asked = async (address: string, sql: string) => {
  const client = new pg.Client(address);
  await client.connect();
  try {
    return (await client.query<Record<string, string>>(sql)).rows;
  } finally {
    await client.end();
  }
};
const owners = `select distinct pg_get_userbyid(nspowner) as owner from pg_namespace where nspname like 'dateline%'`;

ifRoles('the database of `npm start`', () => {
  test('each app signs in with its role, and the owner’s role prepares it, as in production', async () => {
    for (let start = 1; start <= 2; start++) {
      const addressOf = await signedIn({ databaseUrl, provisionedBy: 'native' });
      for (const app of roledApps)
        expect(await asked(addressOf(app), 'select current_user as role')).toEqual([{ role: rights[app].role }]);
    }
    expect(await asked(databaseUrl, owners)).toEqual([{ owner: rights.prepare.role }]);
  });

  test('a database that an earlier version prepared as the superuser is prepared so again', async () => {
    await prepareDatabase({ DATABASE_URL: databaseUrl });
    const addressOf = await signedIn({ databaseUrl, provisionedBy: 'native' });
    expect(await asked(addressOf('reader-api'), 'select name from dateline.build')).toEqual([]);
    expect(await asked(databaseUrl, owners)).toEqual([{ owner: 'postgres' }]);
  });
});

const ifKafka = lackedByKafka().length === 0 ? test : test.skip;
ifKafka('each app signs in at the Kafka of `npm start` as a user of its own, with the rights of its row', async () => {
  const passwords = { 'editor-api': randomUUID(), projector: randomUUID(), audit: randomUUID() };
  const broker = await startGuardedKafka(passwords, () => undefined);
  try {
    const kafkaUsers = { brokers: broker.guarded, passwords };
    const topic = 'newsroom';
    const settingsOf = await kafkaSettings({ kafkaBrokers: broker.brokers, kafkaUsers, topic });
    expect(settingsOf('reader-api')).toEqual({});
    const append = async (app: keyof typeof passwords) => {
      const log = logOf(readSettings(schemas, { ...settingsOf(app), LOG_TOPIC: topic }));
      const appender = kafkaAppender(log);
      const record = { key: 'story:s', headers: {}, value: Buffer.from(app) };
      return appender.append(record).finally(() => appender.close());
    };
    expect(await append('editor-api')).toBe('sent');
    for (const app of ['projector', 'audit'] as const) expect(await append(app)).not.toBe('sent');
  } finally {
    await broker.stop();
  }
});
