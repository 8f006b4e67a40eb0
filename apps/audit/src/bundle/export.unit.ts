import { generateSigningKey, signerOf } from '#bundle';
import { LogError, type LogReader, type LogRecord } from '#event-log';
import { encodeVisibility } from '#projections';
import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writing } from '../newsroom.fixture.js';
import { exportBundle, type Exporting } from './export.js';

const folder = mkdtempSync(join(tmpdir(), 'dateline-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const never = new AbortController().signal;

const readerOf = (records: readonly LogRecord[]): LogReader => ({
  bounds: async () => ({ first: 0, next: records.length }),
  read: (_, onBatch) => onBatch(records),
  close: async () => undefined,
});

async function exporting(visibilityLog: LogReader): Promise<Exporting> {
  return {
    topic: 'log',
    reader: readerOf(new Writing().register('mayor', 'The mayor').register('judge', 'The judge').read()),
    visibilityLog,
    keys: undefined,
    scope: { all: true },
    signer: await signerOf(await generateSigningKey({ dev: false })),
    now: () => new Date('2026-01-01T13:00:00Z'),
    onProgress: () => undefined,
  };
}

test('an entry of the visibility log with a time in the future does not falsify the later ones', async () => {
  const at = '2026-01-01T12:30:00.000Z';
  const topic = [
    { first: 1, last: 1, at },
    { first: 2, last: 2, at: '9999-12-31T23:59:59.999Z' },
    { first: 2, last: 3, at },
  ];
  const bundle = join(folder, 'dated');
  const reader = readerOf(topic.map((entry, offset) => ({ offset, ...encodeVisibility(entry) })));
  await exportBundle(await exporting(reader), bundle, never);
  const lines = readFileSync(join(bundle, 'visibility.jsonl'), 'utf8').trimEnd().split('\n');
  expect(lines.map(line => JSON.parse(line))).toEqual([topic[0], topic[2]]);
});

test('an error of the visibility log says that it is not the log', async () => {
  const read = () => Promise.reject(new LogError('log-truncated'));
  const it = await exporting({ ...readerOf([]), bounds: async () => ({ first: 5, next: 9 }), read });
  await expect(exportBundle(it, join(folder, 'never-written'), never)).rejects.toMatchObject({
    code: 'log-truncated',
    message: expect.stringContaining('.visible'),
  });
});

test('a bundle is dated before its end is read, so that no head of a later position was signed before that date', async () => {
  const order: string[] = [];
  const bounds = async () => {
    order.push('end');
    throw new Error('No broker.');
  };
  const it = {
    topic: 'log',
    reader: { bounds } as unknown as LogReader,
    visibilityLog: undefined,
    keys: undefined,
    scope: { all: true as const },
    signer: await signerOf(await generateSigningKey({ dev: false })),
    now: () => {
      order.push('date');
      return new Date();
    },
    onProgress: () => undefined,
  };
  await expect(exportBundle(it, 'never-written', never)).rejects.toThrow('No broker.');
  expect(order).toEqual(['date', 'end']);
});
