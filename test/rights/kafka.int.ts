import { lackedByKafka, startGuardedKafka } from '#dev-servers';
import { ensureTopic, grantAccess, visibilityLogOf } from '#event-log';
import { rights, roledApps, type AppRights, type RoledApp } from '#rights';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import kafkajs, { Kafka, logLevel, type Admin } from 'kafkajs';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } = kafkajs;

// Signs in as each app at a broker that checks who connects, and tries all that its rights could allow. `libs/rights` says what must work.
const lacks = lackedByKafka();
const ifKafka = lacks.length === 0 ? describe : describe.skip;

/** `stranger` is a user of the cluster whom nothing was granted. */
const users = [...roledApps.filter(app => app !== 'prepare'), 'stranger'] as const;
type User = (typeof users)[number];
const passwords: Record<string, string> = Object.fromEntries(users.map(user => [user, randomUUID()]));
const log = 'newsroom';
const { topic: visible } = visibilityLogOf({ brokers: [], topic: log });
const other = 'another-newsroom';
const topics = [log, visible, other];

let broker: Awaited<ReturnType<typeof startGuardedKafka>>;
let root: Admin;
const open: (() => Promise<unknown>)[] = [];
const tried: Record<string, number> = {};

/** What kafkajs logs: of a group without a right it says only there what the broker answered. */
let said = '';
const settings = (brokers: string) => ({
  brokers: [brokers],
  logLevel: logLevel.ERROR,
  logCreator: () => (entry: object) => void (said += inspect(entry, { depth: 5 })),
  retry: { retries: 0 },
});
const as = (username: User, password: string = passwords[username]!) =>
  new Kafka({ ...settings(broker.guarded), sasl: { mechanism: 'plain', username, password } });

beforeAll(async () => {
  if (lacks.length > 0) return;
  broker = await startGuardedKafka(passwords, () => undefined);
  const kafka = new Kafka(settings(broker.brokers));
  const options = { brokers: [broker.brokers], topic: log };
  for (const topic of topics) await ensureTopic({ ...options, topic });
  root = kafka.admin();
  await root.connect();
  // An earlier version granted more. Another newsroom of the cluster has its own rules, which stay.
  const more = { ...everybody, principal: 'User:audit' };
  await root.createAcls({ acl: [more, elsewhere] });
  // As `prepare` does with KAFKA_ACLS; twice, since it may run again.
  await grantAccess(options);
  await grantAccess(options);
  await root.deleteAcls({ filters: [elsewhere] }).then(({ filterResponses }) => {
    expect(filterResponses.map(({ matchingAcls }) => matchingAcls.length)).toEqual([1]);
  });
  const producer = kafka.producer();
  await producer.connect();
  for (const topic of topics) await producer.send({ topic, messages: [{ value: 'first' }] });
  await producer.disconnect();
  // The broker makes its own topics for groups and transactions when they are first asked for.
  await untilDone(() => read(kafka, log, 'others'));
  await untilDone(() => write(kafka, log, 'others'));
});

async function untilDone(run: () => Promise<unknown>): Promise<void> {
  for (const end = Date.now() + 30_000; ; await sleep(200))
    try {
      return void (await run());
    } catch (error) {
      if (Date.now() > end) throw error;
    }
}
afterAll(async () => {
  for (const close of open.reverse()) await close();
  await root?.disconnect();
  await broker?.stop();
});

type Outcome = 'allowed' | 'refused' | string;

/** Tries it; a refusal is an error of the broker that names a right. */
async function attempt(user: User, run: () => Promise<unknown>): Promise<Outcome> {
  tried[user] = (tried[user] ?? 0) + 1;
  said = '';
  try {
    await run();
    return 'allowed';
  } catch (error) {
    return /AUTHORIZATION_FAILED|authorization failed|not authorized/i.test(said + inspect(error, { depth: 5 }))
      ? 'refused'
      : String(error);
  }
}

/** Reads one record, as a member of a group. */
async function read(kafka: Kafka, topic: string, groupId: string): Promise<void> {
  const consumer = kafka.consumer({ groupId, retry: { retries: 0 }, allowAutoTopicCreation: false });
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
    await consumer.run({ eachMessage: async () => resolve() });
    const timer = setTimeout(() => reject(new Error('nothing was read')), 20_000);
    await promise.finally(() => clearTimeout(timer));
  } finally {
    await consumer.disconnect().catch(() => undefined);
  }
}

async function write(kafka: Kafka, topic: string, transactionalId?: string): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false, ...(transactionalId && { transactionalId }) });
  try {
    await producer.connect();
    if (!transactionalId) return void (await producer.send({ topic, messages: [{ value: 'x' }] }));
    await (await producer.transaction()).abort();
  } finally {
    await producer.disconnect().catch(() => undefined);
  }
}

const ofTopic = (name: string) => ({ type: ConfigResourceTypes.TOPIC, name });
const everybody = {
  resourceType: AclResourceTypes.TOPIC,
  resourceName: log,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: 'User:stranger',
  host: '*',
  operation: AclOperationTypes.ALL,
  permissionType: AclPermissionTypes.ALLOW,
};

const elsewhere = { ...everybody, principal: 'User:audit', resourceName: other };

/** What can be done with a topic, and whether these rights on it allow it. */
const onTopic: Record<
  string,
  [allowed: (own: readonly string[]) => boolean, run: (kafka: Kafka, admin: Admin, topic: string) => Promise<unknown>]
> = {
  read: [own => own.includes('READ'), (kafka, _, topic) => read(kafka, topic, `${log}.${randomUUID()}`)],
  write: [own => own.includes('WRITE'), (kafka, _, topic) => write(kafka, topic)],
  'see that it exists': [own => own.length > 0, (_, admin, topic) => admin.fetchTopicMetadata({ topics: [topic] })],
  'see its end': [own => own.length > 0, (_, admin, topic) => admin.fetchTopicOffsets(topic)],
  'see its settings': [
    own => own.length > 0,
    (_, admin, topic) => admin.describeConfigs({ includeSynonyms: false, resources: [ofTopic(topic)] }),
  ],
  'change its settings': [
    () => false,
    (_, admin, topic) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [{ ...ofTopic(topic), configEntries: [{ name: 'retention.ms', value: '1' }] }],
      }),
  ],
  'add partitions': [
    () => false,
    (_, admin, topic) => admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] }),
  ],
  'delete records': [
    () => false,
    (_, admin, topic) => admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '1' }] }),
  ],
  'delete it': [() => false, (_, admin, topic) => admin.deleteTopics({ topics: [topic] })],
};

/** What nobody but the administrator may do. */
const onCluster: Record<string, (kafka: Kafka, admin: Admin) => Promise<unknown>> = {
  'create a topic': (_, admin) =>
    admin.createTopics({ waitForLeaders: false, topics: [{ topic: `tried-${randomUUID()}` }] }),
  'grant rights': (_, admin) => admin.createAcls({ acl: [everybody] }),
  'take rights away': (_, admin) => admin.deleteAcls({ filters: [everybody] }),
  'see rights': (_, admin) => admin.describeAcls(everybody),
  'see the broker’s settings': (_, admin) =>
    admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.BROKER, name: '1' }] }),
  'change the broker’s settings': (_, admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        { type: ConfigResourceTypes.BROKER, name: '1', configEntries: [{ name: 'log.cleaner.threads', value: '2' }] },
      ],
    }),
  'write in a transaction': kafka => write(kafka, log, `tried-${randomUUID()}`),
  'read as another group': kafka => read(kafka, log, `tried-${randomUUID()}`),
  'see another group’s offsets': (_, admin) => admin.fetchOffsets({ groupId: 'others', topics: [log] }),
  'delete another group': (_, admin) => admin.deleteGroups(['others']),
};

const nameOf = (operation: kafkajs.AclOperationTypes) =>
  Object.entries(AclOperationTypes).find(([, number]) => number === operation)?.[0];

const adminOf = async (user: User) => {
  const admin = as(user).admin();
  await admin.connect();
  open.push(() => admin.disconnect());
  return admin;
};

/** The rights of a user on a topic, by the table. */
function own(user: User, topic: string): readonly string[] {
  const { topics: granted } = user === 'stranger' ? { topics: 'none' } : (rights[user as RoledApp] as AppRights);
  if (typeof granted === 'string') return [];
  return topic === log ? granted.log : topic === visible ? granted.visibility : [];
}

ifKafka('what each app can do on Kafka', () => {
  test.each(users)('%s: with each topic it can do what the table allows, and nothing else', async user => {
    const [kafka, admin] = [as(user), await adminOf(user)];
    const wrong: string[] = [];
    for (const topic of topics)
      for (const [what, [allowed, run]] of Object.entries(onTopic)) {
        const outcome = await attempt(user, () => run(kafka, admin, topic));
        const wanted = allowed(own(user, topic)) ? 'allowed' : 'refused';
        if (outcome !== wanted) wrong.push(`${what}, ${topic}: ${outcome}, not ${wanted}`);
      }
    expect(wrong).toEqual([]);
  });

  test.each(users)('%s: it is refused all that is the administrator’s, and other groups', async user => {
    const [kafka, admin] = [as(user), await adminOf(user)];
    const outcomes: [string, Outcome][] = [];
    for (const [what, run] of Object.entries(onCluster))
      outcomes.push([what, await attempt(user, () => run(kafka, admin))]);
    expect(outcomes.filter(([, outcome]) => outcome !== 'refused')).toEqual([]);
  });

  test('nobody signs in with a wrong password, or with that of another app', async () => {
    for (const user of users)
      for (const password of ['wrong', passwords[users.find(one => one !== user)!]!])
        await expect(as(user, password).admin().connect()).rejects.toThrow(/authentication/i);
  });

  test('the cluster has the rules of the table, and no other', async () => {
    const { resources } = await root.describeAcls({
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
    } as never);
    const found = resources.flatMap(({ resourceName, acls }) =>
      acls.map(({ principal, operation }) => `${principal} ${nameOf(operation)} ${resourceName}`),
    );
    const granted = users.flatMap(user => {
      const each = topics.flatMap(topic => {
        const held = own(user, topic);
        return [...held, ...(held.length > 0 ? ['DESCRIBE_CONFIGS'] : [])].map(right => `${right} ${topic}`);
      });
      const groups = each.length > 0 ? ['READ', 'DELETE'].map(right => `${right} ${log}.`) : [];
      return [...each, ...groups].map(rule => `User:${user} ${rule}`);
    });
    expect(found.sort()).toEqual(granted.sort());
  });

  test('all of this is 37 attempts as each user', () => {
    expect(tried).toEqual(Object.fromEntries(users.map(user => [user, 37])));
  });
});
