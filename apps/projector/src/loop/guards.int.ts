import { LogError, type NewRecord } from '#event-log';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LogReplaced } from '#projections';
import { storyStream } from '#domain';
import { testLog, until, type TestLog } from '../servers.fixture.js';
import { Written } from '../written.fixture.js';
import { TestDesk } from './desk.fixture.js';

/** A log that opens one story repeatedly, each time with another title. */
function recordsOf(name: string, titles: readonly string[]): NewRecord[] {
  const written = new Written(name);
  const opened = (title: string) => ({ type: 'StoryOpened', data: { title, zone: 'UTC' } }) as const;
  return [written.open(), ...titles.map(title => written.next(storyStream('storm'), opened(title)))];
}

const titles = ['a', 'b', 'c', 'd', 'e'];
const records = recordsOf('ours', titles);
const stranger: NewRecord = { key: 'x', headers: { ce_id: 'x' }, value: Buffer.from('{}') };

let desk: TestDesk;
const logs: TestLog[] = [];
const log = async (records: readonly NewRecord[]) => {
  const made = await testLog(records);
  logs.push(made);
  return made;
};

/** Applies a whole log, then stops. */
async function shift(on: TestDesk, source: TestLog, records: number): Promise<void> {
  const projector = on.project(source);
  await until(async () => (await on.checkpoint()).next_offset === records);
  await projector.stop();
}

beforeAll(async () => {
  desk = await TestDesk.open();
  await shift(desk, await log(records), records.length);
});
afterAll(async () => {
  await Promise.all(logs.map(made => made.close()));
  await desk?.drop();
});

/** Replaces the log of a build by these records. Resolves to the error that ends the projector; the rows must not change. */
async function endOn(records: readonly NewRecord[]): Promise<unknown> {
  const before = [await desk.checkpoint(), await desk.hash()];
  const { ended, stop } = desk.project(await log(records));
  const waited = new Promise(resolve => setTimeout(resolve, 60_000, 'It went on.').unref());
  const end = await Promise.race([ended, waited]);
  await stop();
  expect([await desk.checkpoint(), await desk.hash()]).toEqual(before);
  return end;
}

describe('the start of a projector', () => {
  test('it continues with the log that its build was made from, even on another topic', async () => {
    const projector = desk.project(await log(records));
    await until(() => projector.status.role === 'leader' && projector.status.progress !== undefined);
    await new Promise(resolve => setTimeout(resolve, 500));
    await projector.stop();
    expect(await desk.checkpoint()).toEqual({ position: records.length, next_offset: records.length });
  });

  test('it halts on another newsroom’s log', async () => {
    const end = await endOn(recordsOf('theirs', [...titles, 'f']));
    expect(end).toBeInstanceOf(LogReplaced);
    expect((end as Error).message).toMatch(/The log's id is/);
  });

  test('it halts if the last record that it applied is a different one now', async () => {
    const end = await endOn(recordsOf('ours', ['a', 'b', 'c', 'd', 'another', 'f']));
    expect(end).toBeInstanceOf(LogReplaced);
    expect((end as Error).message).toMatch(/record at offset 5 is not the one/);
  });

  test.each([5, 1])('it halts if the log holds only %i of the records that it applied', async count => {
    const end = await endOn(records.slice(0, count));
    expect(end).toBeInstanceOf(LogError);
    expect(end).toMatchObject({ code: 'log-gone-back' });
  });

  test('it continues with a log whose first record is not a commit', async () => {
    const odd = await TestDesk.open();
    try {
      const source = await log([stranger, ...records]);
      await shift(odd, source, records.length + 1);
      await source.append([stranger]);
      await shift(odd, source, records.length + 2);
      expect(await odd.hash()).toEqual(await desk.hash());
    } finally {
      await odd.drop();
    }
  });
});
