import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LogError, type BatchAppender, type LogReader, type LogRecord, type NewRecord } from '../port.js';

/** An empty log for one test, and ways to damage it. */
export interface LogUnderTest {
  appender(): BatchAppender;
  reader(): LogReader;
  /** Leaves one offset at the end without a record. */
  makeGap(): Promise<void>;
  /** Deletes the log's first record. */
  truncate(): Promise<void>;
  close(): Promise<void>;
}

/** A record with this id, for a log that does not look into it. */
export const record = (name: string): NewRecord => ({
  key: 'story:a',
  headers: { ce_id: name, ce_subject: 'story:a' },
  value: Buffer.from(`{"name":"${name}"}`),
});
/** The id of a record that `record` made. */
export const nameOf = (read: LogRecord) => read.headers.ce_id ?? '';
/** Ids for several records. */
export const names = (count: number, prefix = 'r') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** Reads from `from` until `until` accepts the records read so far. */
export async function readUntil(reader: LogReader, from: number, until: (read: readonly LogRecord[]) => boolean) {
  const enough = new AbortController();
  const read: LogRecord[] = [];
  const onBatch = async (records: readonly LogRecord[]) => {
    read.push(...records);
    if (until(read)) enough.abort();
  };
  if (!until(read)) await reader.read(from, onBatch, enough.signal);
  return read;
}

/** Reads from `from` until it has `count` records. */
export const readSome = (reader: LogReader, from: number, count: number) =>
  readUntil(reader, from, read => read.length >= count);

/** The contract of both ports, run by every adapter. */
export function logContract(open: () => Promise<LogUnderTest>): void {
  let log: LogUnderTest;
  let appender: BatchAppender;
  let reader: LogReader;
  const append = async (wanted: readonly string[], by = appender) => {
    for (const name of wanted) expect(await by.append(record(name))).toBe('sent');
  };
  const codeOf = (read: Promise<void>) =>
    read.then(
      () => undefined,
      (error: LogError) => error.code,
    );
  const nothing = async () => undefined;
  const never = new AbortController().signal;

  beforeEach(async () => {
    log = await open();
    appender = log.appender();
    reader = log.reader();
  });
  afterEach(async () => {
    await Promise.all([appender.close(), reader.close()]);
    await log.close();
  });

  describe('reading', () => {
    test('the appended records are handed over in order, once each, with offsets from 0 and the same bytes', async () => {
      await append(names(20));
      const read = await readSome(reader, 0, 20);
      expect(read.map(nameOf)).toEqual(names(20));
      expect(read.map(r => r.offset)).toEqual(read.map((_, index) => index));
      expect(Buffer.from(read[7]!.value)).toEqual(Buffer.from(record('r7').value));
      expect(read[7]!.headers).toEqual(record('r7').headers);
    });

    test('a read can start at an offset in the log, and at the next one that will be appended', async () => {
      await append(names(5));
      expect((await readSome(reader, 3, 2)).map(nameOf)).toEqual(['r3', 'r4']);
      const tail = readSome(reader, 5, 1);
      await append(['r5']);
      expect((await tail).map(nameOf)).toEqual(['r5']);
    });

    test('a read follows the log while it grows', async () => {
      const read = readSome(reader, 0, 30);
      await append(names(30));
      expect((await read).map(nameOf)).toEqual(names(30));
    });

    test('a read waits for the handler of a batch before it hands over the next one', async () => {
      await append(names(6));
      let running = 0;
      const seen: number[] = [];
      const enough = new AbortController();
      const reading = reader.read(
        0,
        async records => {
          seen.push(++running);
          await new Promise(resolve => setTimeout(resolve, 30));
          running--;
          if (records.at(-1)!.offset >= 11) enough.abort();
        },
        enough.signal,
      );
      await append(names(6, 's'));
      await reading;
      expect(new Set(seen)).toEqual(new Set([1]));
    });

    test('two reads at the same time each get all their records', async () => {
      await append(names(4));
      const both = await Promise.all([readSome(reader, 0, 4), readSome(reader, 2, 2)]);
      expect(both.map(read => read.map(nameOf))).toEqual([names(4), ['r2', 'r3']]);
    });

    test('a read rejects with the error that its handler threw, and does not call the handler again', async () => {
      await append(names(3));
      const failure = new TypeError('cannot apply this');
      let calls = 0;
      const failing = async () => {
        calls++;
        throw failure;
      };
      await expect(reader.read(0, failing, never)).rejects.toBe(failure);
      expect(calls).toBe(1);
    });

    test('an aborted read resolves, after its running handler has ended', async () => {
      const stop = new AbortController();
      const idle = reader.read(0, nothing, stop.signal);
      setTimeout(() => stop.abort(), 300);
      await idle;

      await append(names(1));
      const stopAtWork = new AbortController();
      let done = false;
      const slow = async () => {
        stopAtWork.abort();
        await new Promise(resolve => setTimeout(resolve, 200));
        done = true;
      };
      await reader.read(0, slow, stopAtWork.signal);
      expect(done).toBe(true);
      await reader.read(0, slow, AbortSignal.abort());
    });

    test('a read resolves when its reader is closed', async () => {
      const reading = reader.read(0, nothing, never);
      await reader.close();
      await expect(reading).resolves.toBeUndefined();
    });
  });

  describe('a log that has changed', () => {
    test('a read from beyond the end of the log rejects with log-gone-back', async () => {
      await append(names(2));
      expect(await codeOf(reader.read(3, nothing, never))).toBe('log-gone-back');
    });

    test('a read of a log whose first records were deleted rejects with log-truncated', async () => {
      await append(names(3));
      await log.truncate();
      expect(await codeOf(reader.read(2, nothing, never))).toBe('log-truncated');
    });

    test('a read stops at a gap with log-gap, and no record after the gap is handed over', async () => {
      await append(names(2));
      await log.makeGap();
      await append(['beyond']);
      const read: string[] = [];
      const reading = reader.read(0, async records => void read.push(...records.map(nameOf)), never);
      expect(await codeOf(reading)).toBe('log-gap');
      expect(read).not.toContain('beyond');
    });
  });

  test('bounds gives the first offset and the next one', async () => {
    expect(await reader.bounds()).toEqual({ first: 0, next: 0 });
    await append(names(3));
    expect(await reader.bounds()).toEqual({ first: 0, next: 3 });
  });

  describe('appending', () => {
    test("records of two concurrent writers have the same order for all readers, and each writer's order is kept", async () => {
      const other = log.appender();
      await Promise.all([append(names(15, 'a')), append(names(15, 'b'), other)]);
      await other.close();
      const [mine, yours] = await Promise.all([readSome(reader, 0, 30), readSome(reader, 0, 30)]);
      expect(mine.map(nameOf)).toEqual(yours.map(nameOf));
      expect(mine.map(nameOf).filter(name => name.startsWith('a'))).toEqual(names(15, 'a'));
      expect(mine.map(nameOf).filter(name => name.startsWith('b'))).toEqual(names(15, 'b'));
    });

    test('of many concurrent appends, every record is in the log', async () => {
      const outcomes = await Promise.all(names(40).map(name => appender.append(record(name))));
      expect(new Set(outcomes)).toEqual(new Set(['sent']));
      expect((await readSome(reader, 0, 40)).map(nameOf).sort()).toEqual(names(40).sort());
    });

    test('records that are appended together stay consecutive and in order, although others append meanwhile', async () => {
      const wanted = ['a', 'b'].map(prefix => names(30, prefix));
      const outcomes = await Promise.all([
        ...wanted.map(batch => appender.appendTogether(batch.map(record))),
        ...names(10).map(name => appender.append(record(name))),
      ]);
      expect(new Set(outcomes)).toEqual(new Set(['sent']));
      const read = (await readSome(reader, 0, 70)).map(nameOf);
      for (const batch of wanted) expect(read.slice(read.indexOf(batch[0]!)).slice(0, 30)).toEqual(batch);
    });

    test('an append after the appender was closed is not-sent', async () => {
      await appender.close();
      expect(await appender.append(record('late'))).toBe('not-sent');
      expect(await appender.appendTogether([record('late')])).toBe('not-sent');
      expect(await reader.bounds()).toEqual({ first: 0, next: 0 });
    });
  });
}
