import { storyStream, type DomainEvent } from '#domain';
import {
  encode,
  ensureTopic,
  headOf,
  arbitrate,
  emptyLog,
  kafkaAppender,
  kafkaReader,
  logStream,
  type Arbitration,
  type NewRecord,
} from '#event-log';
import { openKeyStore, prepareKeyStore } from '#keys';
import { escapeIdentifier, migrate, openPool, type Pool } from '#postgres';
import { buildName, hashBuild, projections, type BuildHash } from '#projections';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeLedger, ensureLedger, openLedger } from '../ledger/topic.js';
import { Status } from './status.js';
import { supervise } from './supervise.js';

const server = process.env.DATABASE_URL ?? '';
const brokers = (process.env.KAFKA_BROKERS ?? '').split(',');
const story = storyStream('storm');
const by = { id: 'ed' };
const recorded = '2026-01-01T09:00:00.000Z';

/** Records that win, each a commit of one event, after the one that opens the log. */
export function recordsOf(name: string, titles: readonly string[]): NewRecord[] {
  let state: Arbitration = emptyLog;
  const commit = (stream: string, event: DomainEvent, command: string) => {
    const { id: parent, seq } = headOf(state, stream);
    const draft = { source: name, stream, seq: seq + 1, parent, recorded, command, commandHash: 'x', by };
    const record = encode({ ...draft, events: [event] });
    [state] = arbitrate(state, record.headers);
    return record;
  };
  const opening = commit(logStream, { type: 'LogOpened', data: { name } }, 'open');
  return [
    opening,
    ...titles.map((title, i) => commit(story, { type: 'StoryOpened', data: { title, zone: 'UTC' } }, `${i}`)),
  ];
}

/** A topic of its own that holds these records. */
export async function logOf(records: readonly NewRecord[]): Promise<TestLog> {
  const topic = { brokers, topic: `projector-${randomUUID()}` };
  await Promise.all([ensureTopic(topic), ensureLedger(topic)]);
  const appender = kafkaAppender(topic);
  const append = async (more: readonly NewRecord[]) => {
    for (const record of more)
      if ((await appender.append(record)) !== 'sent') throw new Error('The log did not take a record.');
  };
  await append(records);
  return { topic, append, close: () => appender.close() };
}

export interface TestLog {
  readonly topic: { readonly brokers: string[]; readonly topic: string };
  append(records: readonly NewRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** A database of its own, and projectors on it. */
export class TestDesk {
  readonly build = buildName(projections);

  private constructor(
    readonly databaseUrl: string,
    readonly pool: Pool,
    private readonly name: string,
  ) {}

  static async open(): Promise<TestDesk> {
    const name = `projector_${randomUUID().replaceAll('-', '')}`;
    await onServer(`create database ${escapeIdentifier(name)}`);
    const { href } = Object.assign(new URL(server), { pathname: `/${name}` });
    await migrate(href);
    await prepareKeyStore({ DATABASE_URL: href });
    return new TestDesk(href, openPool(href, { application: 'test', max: 2 }), name);
  }

  /** A projector as its process runs it. */
  project({ topic }: TestLog, batchSize = 2) {
    const { databaseUrl } = this;
    const pool = openPool(databaseUrl, { application: 'projector', max: 4 });
    const keys = openKeyStore({ DATABASE_URL: databaseUrl });
    const [reader, ledger] = [kafkaReader(topic), openLedger(topic)];
    const [status, stopping] = [new Status(), new AbortController()];
    const log = { info: () => undefined, warn: () => undefined };
    const supervised = { pool, keys, reader, ledger, projections, batchSize, status, databaseUrl, log };
    const ended = supervise(supervised, stopping.signal).finally(() =>
      Promise.all([reader.close(), closeLedger(ledger), keys.close(), pool.end()]),
    );
    ended.catch(() => undefined);
    return { status, reader, ended, stop: () => (stopping.abort(), ended) };
  }

  async checkpoint(): Promise<{ position: number; next_offset: number }> {
    const { rows } = await this.pool.query('select position, next_offset from dateline.build');
    return rows[0] ?? { position: 0, next_offset: 0 };
  }

  hash(): Promise<BuildHash> {
    return hashBuild(this.pool, this.build, projections);
  }

  async drop(): Promise<void> {
    await this.pool.end();
    await onServer(`drop database ${escapeIdentifier(this.name)} with (force)`);
  }
}

/** Resolves once `reached` gives true; rejects when it does not in time. */
export async function until(reached: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  for (const end = performance.now() + ms; !(await reached()); await sleep(20))
    if (performance.now() > end) throw new Error(`Not reached within ${ms} ms: ${reached}`);
}

export async function onServer(sql: string): Promise<void> {
  const pool = openPool(server, { application: 'test', max: 1 });
  try {
    await pool.query(sql);
  } finally {
    await pool.end();
  }
}
