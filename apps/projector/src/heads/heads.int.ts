import { generateSigningKey, LogTree, openHead, signerOf, signHead, type SigningJwk } from '#bundle';
import { kafkaReader, type NewRecord } from '#event-log';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testLog, type TestLog } from '../servers.fixture.js';
import { Written } from '../written.fixture.js';
import { headSink } from './sink.js';
import { superviseHeads } from './supervise.js';
import { LogContradictsHeads } from './write.js';

const databaseUrl = process.env.DATABASE_URL!;
const folder = mkdtempSync(join(tmpdir(), 'dateline-test-'));
let key: SigningJwk;
let file = '';
beforeAll(async () => {
  key = await generateSigningKey({ dev: false });
});
beforeEach(() => {
  file = join(folder, randomUUID(), 'heads.jws');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A log's first commit and `count` more. `rewritten`: the number of a commit by another author. */
function written(count: number, rewritten?: number): NewRecord[] {
  const log = new Written();
  const by = (number: number) => (number === rewritten ? 'forger' : 'ed');
  return Array.from({ length: count }, (_, number) => (number === 0 ? log.open(by(0)) : log.turn('storm', by(number))));
}

const logs: TestLog[] = [];
afterAll(() => Promise.all(logs.map(log => log.close())));
async function logOf(records: readonly NewRecord[]): Promise<TestLog> {
  const log = await testLog(records);
  logs.push(log);
  return log;
}

function rootOf(records: readonly NewRecord[]): string {
  const tree = new LogTree();
  records.forEach((record, i) => tree.append({ ...record, position: i + 1 }));
  return tree.root();
}

/** Writes the heads of a topic as the projector does. */
async function signing({ brokers, topic }: TestLog, to = file) {
  const reader = kafkaReader({ brokers, topic });
  const stopping = new AbortController();
  const warnings: string[] = [];
  const log = { warn: (message: string) => void warnings.push(message) };
  const it = { reader, sink: headSink(to), signer: await signerOf(key), log, databaseUrl, topic };
  const running = superviseHeads(it, stopping.signal).finally(() => reader.close());
  running.catch(() => undefined);
  const stop = () => {
    stopping.abort();
    return running;
  };
  return { running, stop, warnings };
}

const kept = () => {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
};
async function until<T>(found: () => T | undefined | false): Promise<T> {
  for (const end = Date.now() + 20_000; ; await new Promise(go => setTimeout(go, 20))) {
    const value = found();
    if (value) return value;
    if (Date.now() > end) throw new Error(`Not in time: ${found}`);
  }
}

describe('signing heads of the log', () => {
  test('heads are signed while the log grows, each with the root at its position', async () => {
    const records = written(7);
    const log = await logOf(records.slice(0, 3));
    const { stop } = await signing(log);
    const first = await openHead((await until(() => kept().length === 1 && kept()))[0]!);
    expect(first).toMatchObject({ log: records[0]!.headers.ce_id, position: 3, root: rootOf(records.slice(0, 3)) });
    expect(first.fingerprint).toBe(key.kid);
    // A void record is not one of the log's commits.
    await log.append([records[1]!, ...records.slice(3)]);
    const last = () => kept().at(-1)!;
    await until(() => Buffer.from(last().split('.')[1]!, 'base64url').toString().includes('"position":7'));
    expect(await openHead(last())).toMatchObject({ position: 7, root: rootOf(records) });
    await stop();
  });

  test('signing continues after a restart, even after an incomplete line', async () => {
    const records = written(5);
    const log = await logOf(records.slice(0, 4));
    const before = await signing(log);
    await until(() => kept().length === 1);
    await before.stop();
    appendFileSync(file, 'eyJhbGciOiJFZERTQSIs');
    const after = await signing(log);
    await new Promise(go => setTimeout(go, 1_500));
    expect(kept()).toHaveLength(1);
    await log.append(records.slice(4));
    const [, second] = await until(() => kept().length === 2 && kept());
    expect(await openHead(second!)).toMatchObject({ position: 5, root: rootOf(records) });
    await after.stop();
  });

  test('only one of several projectors writes heads', async () => {
    const log = await logOf(written(3));
    const both = await Promise.all([signing(log), signing(log)]);
    await until(() => kept().length > 0);
    await new Promise(go => setTimeout(go, 1_500));
    expect(kept()).toHaveLength(1);
    await Promise.all(both.map(({ stop }) => stop()));
  });
});

describe('signing stops when the log contradicts its signed heads', () => {
  const signed = async (records: readonly NewRecord[]) => {
    const { stop } = await signing(await logOf(records));
    await until(() => kept().length > 0);
    await stop();
    return kept().length;
  };

  test('a cut tail stops the signing', async () => {
    const records = written(6);
    const count = await signed(records);
    const { running } = await signing(await logOf(records.slice(0, 4)));
    await expect(running).rejects.toThrow(LogContradictsHeads);
    await expect(running).rejects.toThrow(/tail-cut.*Position 6 was signed.*the log ends at 4/);
    expect(kept()).toHaveLength(count);
  });

  test('a rewritten past stops the signing, even if the log is longer now', async () => {
    await signed(written(6));
    const other = written(9, 5);
    const { running } = await signing(await logOf(other));
    await expect(running).rejects.toThrow(/past-rewritten.*At position 6 the root was/);
  });

  test('another log, or an empty one, stops the signing', async () => {
    await signed(written(3));
    const [first] = written(1, 0);
    await expect((await signing(await logOf([first!]))).running).rejects.toThrow(/head-of-other-log/);
    await expect((await signing(await logOf([]))).running).rejects.toThrow(/the log ends at 0/);
  });

  test('heads by other keys and lines that are not heads do not stop the signing', async () => {
    const records = written(3);
    await signed(records);
    const other = await signerOf(await generateSigningKey({ dev: false }));
    const head = { log: 'a'.repeat(64), position: 9, root: 'b'.repeat(64), time: '2026-01-01T00:00:00.000Z' };
    writeFileSync(file, `${await signHead(other, head)}\nnonsense\n`);
    const { stop } = await signing(await logOf(records));
    await until(() => kept().length === 3);
    await stop();
  });
});

describe('sending heads to a URL', () => {
  const taken: string[] = [];
  let trouble = 0;
  let server: Server;
  let url = '';
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (trouble-- > 0) return void response.writeHead(503).end();
      if (request.method === 'GET') return void response.end(taken.join(''));
      let body = '';
      request
        .on('data', chunk => (body += chunk))
        .on('end', () => {
          taken.push(body);
          response.writeHead(201).end();
        });
    });
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/heads`;
  });
  afterAll(() => new Promise(closed => server.close(closed)));

  test('heads are sent by POST, retried after an error, and read by GET after a restart', async () => {
    const records = written(4);
    const log = await logOf(records.slice(0, 3));
    trouble = 1;
    const before = await signing(log, url);
    await until(() => taken.length === 1);
    expect(before.warnings).toEqual([expect.stringMatching(/answered 503/)]);
    trouble = 2;
    await log.append(records.slice(3));
    await until(() => taken.length === 2);
    expect(before.warnings).toHaveLength(3);
    expect(await openHead(taken[1]!.trim())).toMatchObject({ position: 4, root: rootOf(records) });
    await before.stop();
    const { running } = await signing(await logOf(records.slice(0, 2)), url);
    await expect(running).rejects.toThrow(/tail-cut/);
  });
});
