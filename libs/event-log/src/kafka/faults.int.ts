import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { nameOf, names, readSome, readUntil, record } from '../testing/contract.js';
import type { AppendOutcome, LogAppender, LogError, LogReader } from '../port.js';
import { limits } from './client.js';
import { ensureTopic, kafkaAppender, kafkaReader, type ReaderOptions } from './index.js';
import { ShakyLine } from '../testing/shaky-line.js';

const brokers = process.env.KAFKA_BROKERS!.split(',');
const never = new AbortController().signal;
const nothing = async () => undefined;

let topic: string;
let line: ShakyLine;
/** Connected directly, not through the faulty line: these see the log as it is. */
let steady: { appender: LogAppender; reader: LogReader };
const opened: { close(): Promise<void> }[] = [];
const shakyAppender = () => keep(kafkaAppender({ brokers, topic, connect: line.connect }));
const shakyReader = (options: Partial<ReaderOptions> = {}) =>
  keep(kafkaReader({ brokers, topic, connect: line.connect, ...options }));

function keep<T extends { close(): Promise<void> }>(it: T): T {
  opened.push(it);
  return it;
}

async function withAdmin<T>(work: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  return work(admin).finally(() => admin.disconnect());
}

/** Resolves when the topic is gone, so that it can be made again. */
const loseTopic = () =>
  withAdmin(async admin => {
    await admin.deleteTopics({ topics: [topic] });
    while ((await admin.listTopics()).includes(topic)) await sleep(50);
  });

async function standing(): Promise<string[]> {
  const { next } = await steady.reader.bounds();
  return (await readSome(steady.reader, 0, next)).map(nameOf);
}

async function untilSent(appender: LogAppender): Promise<AppendOutcome[]> {
  const outcomes: AppendOutcome[] = [];
  while (outcomes.at(-1) !== 'sent' && outcomes.length < 10)
    outcomes.push(await appender.append(record(`again${outcomes.length}`)));
  return outcomes;
}

beforeEach(async () => {
  topic = `faults-${randomUUID()}`;
  line = await new ShakyLine().open();
  await ensureTopic({ brokers, topic });
  steady = { appender: keep(kafkaAppender({ brokers, topic })), reader: keep(kafkaReader({ brokers, topic })) };
});
afterEach(async () => {
  line.release();
  await Promise.all(opened.splice(0).map(it => it.close()));
  line.close();
  await withAdmin(admin => admin.deleteTopics({ topics: [topic] })).catch(nothing);
});

describe('an append', () => {
  test('an append without an answer is unknown, its record is in the log once, and a later append is sent', async () => {
    const appender = shakyAppender();
    expect(await appender.append(record('before'))).toBe('sent');
    line.hold('answers');
    const began = performance.now();
    expect(await appender.append(record('unanswered'))).toBe('unknown');
    expect(performance.now() - began).toBeLessThan(2 * limits.append);
    expect(await standing()).toEqual(['before', 'unanswered']);
    line.release();
    expect((await untilSent(appender)).length).toBeLessThanOrEqual(2);
  });

  test('appends that the broker never reads are unknown, later ones not-sent, until a new producer sends', async () => {
    const appender = shakyAppender();
    expect(await appender.append(record('before'))).toBe('sent');
    line.hold('requests');
    expect(await appender.append(record('held'))).toBe('unknown');
    expect(await appender.append(record('held too'))).toBe('unknown');
    expect(await appender.append(record('never left'))).toBe('not-sent');
    line.release();
    await untilSent(appender);
    expect(await standing()).not.toContain('never left');
  });

  test('an append that gave up before its record was sent is not-sent, and the record is not sent later', async () => {
    line.hold('answers');
    const outcome = shakyAppender().append(record('late'));
    // Longer than a request takes to connect, and then longer than the append's limit.
    await sleep(3_000);
    line.release();
    line.hold('answers');
    expect(await outcome).toBe('not-sent');
    line.release();
    await sleep(500);
    expect(await standing()).toEqual([]);
  });

  test('an append whose connection breaks before the answer is unknown', async () => {
    const appender = shakyAppender();
    await appender.append(record('before'));
    line.hold('answers');
    const outcome = appender.append(record('cut'));
    await sleep(200);
    line.cut();
    expect(await outcome).toBe('unknown');
    line.release();
    expect(await untilSent(appender)).toContain('sent');
  });

  test('an append is not-sent while no broker can be reached, and sent as soon as one can', async () => {
    const appender = shakyAppender();
    line.refusing = true;
    expect(await appender.append(record('nobody there'))).toBe('not-sent');
    expect(await appender.append(record('nobody there'))).toBe('not-sent');
    line.refusing = false;
    expect(await appender.append(record('somebody there'))).toBe('sent');
    line.refusing = true;
    line.cut();
    await sleep(100);
    expect(await appender.append(record('gone again'))).toBe('not-sent');
    line.refusing = false;
    await untilSent(appender);
    expect(await standing()).not.toContain('gone again');
  });

  test('an append that is too large for the broker is not-sent, and the next one is sent', async () => {
    const appender = shakyAppender();
    expect(await appender.append({ ...record('large'), value: Buffer.alloc(1024 * 1024 + 1) })).toBe('not-sent');
    expect(await appender.append({ ...record('fits'), value: Buffer.alloc(1000 * 1024) })).toBe('sent');
    expect(await standing()).toEqual(['fits']);
  });

  test('of many appends over a faulty line, those reported sent are in the log once, those not-sent never', async () => {
    const appender = shakyAppender();
    const wanted = names(120);
    const shaking = (async () => {
      for (let round = 0; round < 8; round++) {
        await sleep(60);
        line.cut();
        line.refusing = round % 3 === 0;
      }
      line.refusing = false;
    })();
    const outcomes = await Promise.all(
      wanted.map(async (name, index) => {
        await sleep(index * 5);
        return [name, await appender.append(record(name))] as const;
      }),
    );
    await shaking;
    const stand = await standing();
    for (const [name, outcome] of outcomes) {
      const times = stand.filter(other => other === name).length;
      if (outcome === 'sent') expect([name, times]).toEqual([name, 1]);
      if (outcome === 'not-sent') expect([name, times]).toEqual([name, 0]);
      expect(times).toBeLessThanOrEqual(1);
    }
  });
});

describe('a reader', () => {
  const feed = async (count: number, everyMs: number) => {
    for (const name of names(count)) {
      await steady.appender.append(record(name));
      await sleep(everyMs);
    }
  };

  test('a reader whose connection is cut several times hands over every record once', async () => {
    const read = readSome(shakyReader(), 0, 100);
    const feeding = feed(100, 40);
    for (let round = 0; round < 4; round++) {
      await sleep(700);
      line.cut();
    }
    await feeding;
    expect((await read).map(nameOf)).toEqual(names(100));
  });

  test('a reader hands over every record once after its consumer group has expired', async () => {
    const read = readSome(shakyReader(), 0, 30);
    await feed(10, 10);
    await sleep(1_000);
    line.hold('requests');
    line.hold('answers');
    await feed(20, 650).then(() => line.release());
    // The second feed repeats the first names; offsets distinguish them.
    expect((await read).map(r => r.offset)).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });

  test('a reader with a handler slower than the session timeout hands over every record once, in one session', async () => {
    await feed(600, 0);
    let slept = false;
    const read: number[] = [];
    const enough = new AbortController();
    const slow = async (records: readonly { offset: number }[]) => {
      if (!slept) await sleep(12_000);
      slept = true;
      read.push(...records.map(r => r.offset));
      if (read.length === 600) enough.abort();
    };
    const said: string[] = [];
    const reader = shakyReader({ logger: ({ message }) => said.push(message) });
    await reader.read(0, slow, enough.signal);
    expect(said.filter(message => message.includes('has joined the group'))).toHaveLength(1);
    expect(read).toEqual(Array.from({ length: 600 }, (_, index) => index));
  });

  test('a reader whose consumer gets no records starts another consumer and continues from its offset', async () => {
    const read = readSome(shakyReader({ patience: 1_500 }), 0, 6);
    await feed(3, 10);
    await sleep(500);
    line.deafTo = 1;
    await sleep(300);
    await feed(3, 10);
    await sleep(2_500);
    line.deafTo = undefined;
    expect((await read).map(nameOf)).toEqual([...names(3), ...names(3)]);
  });

  test('a reader gives up with log-stalled when no consumer makes progress', async () => {
    await feed(1, 0);
    line.deafTo = 1;
    const reading = shakyReader({ patience: 1_000, tries: 2 }).read(0, nothing, never);
    await expect(reading).rejects.toMatchObject({ code: 'log-stalled' });
  });

  test('a reader gives up with log-unreachable when no broker answers, and so do its bounds', async () => {
    line.refusing = true;
    const reader = shakyReader({ tries: 2 });
    await expect(reader.read(0, nothing, never)).rejects.toMatchObject({ code: 'log-unreachable' });
    await expect(reader.bounds()).rejects.toMatchObject({ code: 'log-unreachable' });
  });

  test('a reader that is aborted while no broker answers ends soon', async () => {
    const stop = new AbortController();
    const reading = shakyReader().read(0, nothing, stop.signal);
    await sleep(800);
    line.hold('answers');
    await sleep(300);
    stop.abort();
    const began = performance.now();
    await reading;
    // It gives up after 3.5 s; kafkajs alone would wait for its requests' time-outs, more than 7 s.
    expect(performance.now() - began).toBeLessThan(7_000);
  });

  test('an aborted reader ends only after its running handler has ended', async () => {
    await feed(1, 0);
    const stop = new AbortController();
    let done = false;
    const slow = async () => {
      stop.abort();
      await sleep(4_000);
      done = true;
    };
    await shakyReader().read(0, slow, stop.signal);
    expect(done).toBe(true);
  });

  const endOf = async (damage: () => Promise<unknown>, seen: string[] = []) => {
    await feed(5, 0);
    const reading = shakyReader()
      .read(0, async records => void seen.push(...records.map(nameOf)), never)
      .catch((error: LogError) => error.code);
    while (seen.length < 5) await sleep(50);
    await damage();
    return reading;
  };

  test('a reader stops with log-gone-back when its topic is replaced by an empty one', async () => {
    const damage = async () => {
      await loseTopic();
      await ensureTopic({ brokers, topic });
    };
    expect(await endOf(damage)).toBe('log-gone-back');
  });

  test('a reader stops with log-replaced when its topic was replaced by a longer one during an outage', async () => {
    const seen: string[] = [];
    const damage = async () => {
      line.refusing = true;
      line.cut();
      await loseTopic();
      await ensureTopic({ brokers, topic });
      const other = keep(kafkaAppender({ brokers, topic }));
      for (const name of names(20, 'other')) await other.append(record(name));
      line.refusing = false;
    };
    expect(await endOf(damage, seen)).toBe('log-replaced');
    expect(seen).toEqual(names(5));
  });

  test("a reader stops with log-truncated when the log's first records are deleted", async () => {
    const damage = () =>
      withAdmin(async admin => {
        await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
      });
    expect(await endOf(damage)).toBe('log-truncated');
  });

  test('a reader stops with log-truncated when records that it has not read were deleted', async () => {
    await feed(4, 0);
    await withAdmin(async admin => {
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
    });
    await expect(readUntil(shakyReader(), 0, () => false)).rejects.toMatchObject({ code: 'log-truncated' });
  });

  test('a reader that has ended leaves no consumer group', async () => {
    await feed(2, 0);
    await readSome(shakyReader(), 0, 2);
    const { groups } = await withAdmin(admin => admin.listGroups());
    expect(groups.map(group => group.groupId).filter(id => id.startsWith(topic))).toEqual([]);
  });
});
