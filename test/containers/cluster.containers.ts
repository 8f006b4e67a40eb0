import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../harness/client.js';
import { buildImage, Composition, until } from './compose.js';
import { load, openStory, postOnce, quotesRead } from './editing.js';

const brokers = ['kafka', 'kafka-2', 'kafka-3'];

let newsroom: Composition;
let editor: Client;

beforeAll(async () => {
  await buildImage();
  newsroom = await Composition.of('dateline-test-cluster', 'compose.cluster');
  await newsroom.up();
  editor = await newsroom.as('editor');
  await openStory(editor, 'speech');
}, 1_200_000);
afterAll(() => newsroom?.down());

/** The log's partition: the broker that leads it, and how many have every record. */
async function partition() {
  const script = `const { Kafka } = await import('kafkajs');
    const { kafkaSettings, logOf, readSettings } = await import('#platform');
    const { brokers, tls, sasl, topic } = logOf(readSettings(kafkaSettings));
    const mechanism = sasl.mechanism.toLowerCase();
    const admin = new Kafka({ brokers, ssl: tls, sasl: { ...sasl, mechanism }, logLevel: 0 }).admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    console.log(JSON.stringify(topics[0].partitions[0]));
    await admin.disconnect();`;
  const { leader, isr } = JSON.parse(await newsroom.node('projector', script)) as { leader: number; isr: number[] };
  return { leader: brokers[leader - 1]!, inSync: isr.length };
}

test('the log has three copies, two must hold a record, and a broker that lags behind cannot lead', async () => {
  const said = await newsroom.exec('kafka', '/opt/dateline/admin.sh', 'topics', '--describe', '--topic', 'dateline');
  for (const setting of ['ReplicationFactor: 3', 'min.insync.replicas=2', 'unclean.leader.election.enable=false'])
    expect(said).toContain(setting);
});

describe('the passwords of Kafka', () => {
  /** Appends a record to a topic with an app's own name and password; resolves to the outcome. */
  const append = async (app: string, topic: string): Promise<string> => {
    const script = `const { kafkaAppender } = await import('#event-log');
      const { kafkaSettings, logOf, readSettings } = await import('#platform');
      const appender = kafkaAppender({ ...logOf(readSettings(kafkaSettings)), topic: '${topic}' });
      console.log(await appender.append({ key: 'k', headers: {}, value: Buffer.from('not an entry') }));
      await appender.close();`;
    return newsroom.node(app, script);
  };

  test('each app can write only to its own topic', async () => {
    expect(await append('editor-api', 'dateline')).toBe('sent');
    expect(await append('projector', 'dateline.visible')).toBe('sent');
    expect(await append('editor-api', 'dateline.visible')).not.toBe('sent');
    expect(await append('projector', 'dateline')).not.toBe('sent');
  });

  test('a wrong password gives no access', async () => {
    const script = `const { kafkaReader } = await import('#event-log');
      const { kafkaSettings, logOf, readSettings } = await import('#platform');
      const log = logOf(readSettings(kafkaSettings));
      const reader = kafkaReader({ ...log, sasl: { ...log.sasl, password: 'guessed' } });
      console.log(await reader.bounds().catch(error => error.code + ' ' + error.message)); await reader.close();`;
    expect(await newsroom.node('projector', script)).toMatch(/log-unreachable.*[Aa]uthentication/);
  });
});

describe('an auditor’s commands', () => {
  const run = async (...args: string[]) =>
    JSON.parse((await newsroom.compose('run', '--rm', '--no-deps', '-T', ...args, '--json')).trim());
  const audit = (...args: string[]) => run('audit', ...args);
  /** Commands that change the read model run as the projector. */
  const asProjector = (...args: string[]) => run('projector', 'audit', ...args);
  const live = async () => {
    const { builds } = (await audit('builds')) as { builds: { name: string; live: boolean; position: number }[] };
    return builds.find(build => build.live)!;
  };

  test('rebuilding and returning need the projector’s role, and the projector continues with each build', async () => {
    const { name: before } = await live();
    const goesOn = async (quote: string) => {
      expect((await postOnce(editor, 'speech', quote)).status).toBe(201);
      await until(async () => (await quotesRead(newsroom.readers, 'speech')).includes(quote), `readers see ${quote}`);
    };
    await goesOn('Before the rebuild.');
    await expect(audit('rebuild')).rejects.toThrow();
    const rebuilt = await asProjector('rebuild');
    expect(rebuilt).toMatchObject({ swapped: true, from: before, differing: {} });
    expect((await live()).name).toBe(rebuilt.to);
    await goesOn('After the rebuild.');
    await asProjector('builds', '--return');
    expect((await live()).name).toBe(before);
    await goesOn('Back again.');
    expect(await audit('verify')).toMatchObject({ equal: true });
  });
});

test('no acknowledged post is lost when a broker is killed under load, and posting continues', async () => {
  const { leader } = await partition();
  try {
    const posting = load(editor, 'speech', 3);
    await until(async () => posting.posted.length >= 30, 'some were posted');
    const killed = Date.now();
    await newsroom.on(leader, 'kill');
    const stood = ({ status, at }: { status: unknown; at: number }) => status === 201 && at > killed;
    await until(async () => posting.posted.filter(stood).length >= 30, 'posting goes on');
    const posted = await posting.stop();
    const after = posted.filter(stood);
    console.log(
      `${leader} led and was killed; ${posted.length} posted, ${posted.filter(({ status }) => status === 201).length} with 201; ` +
        `the first acknowledged post after that was sent ${Math.min(...after.map(({ at }) => at)) - killed} ms later`,
    );
    for (const { status } of posted) expect([201, 202, 503]).toContain(status);

    const acknowledged = posted.filter(({ status }) => status === 201).map(({ quote }) => quote);
    await until(async () => {
      const read = await quotesRead(newsroom.readers, 'speech');
      return acknowledged.every(quote => read.includes(quote));
    }, 'readers see every acknowledged post');
    const read = await quotesRead(newsroom.readers, 'speech');
    expect(new Set(read).size).toBe(read.length);
  } finally {
    await newsroom.on(leader, 'start');
  }
});

test('no post is acknowledged while two brokers are down, and posting continues after their return', async () => {
  await until(async () => (await partition()).inSync === 3, 'all three hold the log');
  const { leader } = await partition();
  const gone = brokers.filter(broker => broker !== leader);
  for (const broker of gone) await newsroom.on(broker, 'kill');
  const posted = [];
  for (let number = 0; number < 4; number++) {
    posted.push(await postOnce(editor, 'speech', `Alone ${number}.`));
    await sleep(1_000);
  }
  console.log(`with two of three gone: ${posted.map(({ status }) => status).join(', ')}`);
  for (const { status } of posted) expect([202, 503, 'no answer']).toContain(status);

  for (const broker of gone) await newsroom.on(broker, 'start');
  await newsroom.ready(newsroom.editorUrl);
  await until(
    async () => (await postOnce(editor, 'speech', `Together again, at ${Date.now()}.`)).status === 201,
    'posting goes on',
  );
});
