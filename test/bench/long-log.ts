import { decisions } from '#domain';
import { ensureTopic, kafkaAppender } from '#event-log';
import { prepareKeyStore } from '#keys';
import { migrate } from '#postgres';
import pg from 'pg';
import { id, said, secrets, telling, Writing } from '../../apps/audit/src/newsroom.fixture.js';

const atOnce = 200;

const update = (number: number, padding: number) =>
  said(`No. ${number}${' and on'.repeat(padding / 7)}`, { headline: `Mayor: No. ${number}` });

/**
 * Writes a log with one story of `count` sealed developments, each padded with `padding` characters, and its keys. Resolves
 * to its last position.
 */
export async function longLog(
  env: Readonly<Record<string, string>>,
  developments: number,
  padding = 0,
): Promise<number> {
  const { KAFKA_BROKERS, LOG_TOPIC: topic = '', DATABASE_URL: url = '' } = env;
  const options = { brokers: KAFKA_BROKERS!.split(','), topic };
  const log = new Writing().register('mayor', 'The mayor');
  log.decide(decisions.openStory({ title: 'The storm', zone: 'UTC' }));
  for (let number = 0; number < developments; number++)
    log.decide(decisions.recordDevelopment(telling(number, update(number, padding))));
  await ensureTopic(options);
  await migrate(url);
  await prepareKeyStore({ DATABASE_URL: url });
  const client = new pg.Client(url);
  await client.connect();
  const ids = Array.from({ length: developments }, (_, number) => id(number));
  const keys = 'insert into dateline_keys.key (development, secret) select * from unnest($1::text[], $2::bytea[])';
  await client.query(keys, [ids, ids.map(secrets.get)]);
  await client.end();
  const appender = kafkaAppender(options);
  for (let at = 0; at < log.records.length; at += atOnce)
    if ((await appender.appendTogether(log.records.slice(at, at + atOnce))) !== 'sent') throw new Error('Not sent.');
  await appender.close();
  return log.position;
}
