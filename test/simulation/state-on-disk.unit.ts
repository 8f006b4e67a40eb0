import { decisions, storyStream, type StoryState } from '#domain';
import { headOf, LogError, type LogReader } from '#event-log';
import type { KeyStore } from '#keys';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { said, story, withContent, Writing, id } from '../../apps/audit/src/newsroom.fixture.js';
import { emptyWriteModel } from '../../apps/editor-api/src/commands/kept-model.js';
import { KeptState, stateBounds, type StateBounds } from '../../apps/editor-api/src/commands/kept-state.js';
import { CommandProcessor } from '../../apps/editor-api/src/commands/processor.js';
import { applyRecord, ownKey, type WriteModel } from '../../apps/editor-api/src/commands/write-model.js';
import { OldModel, type Ground } from '../../apps/editor-api/src/state/layered.js';
import { StateError } from '../../apps/editor-api/src/state/rows.js';
import { MemoryLog } from '../../libs/event-log/src/memory/log.js';

let folder: string;
let file: string;
let lines: string[];
const running: CommandProcessor[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dateline-state-'));
  file = join(folder, 'editor-api.state');
  lines = [];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(desk => desk.close()));
  rmSync(folder, { recursive: true });
});

function writing(title = 'The storm', developments = 300): Writing {
  const log = new Writing()
    .register('mayor', 'The mayor')
    .decide(decisions.openStory({ text: 'ffffffff-0000-4000-8000-000000000000', zone: 'UTC', told: { title } }));
  for (let number = 1; number <= developments; number++)
    log.decide(decisions.recordDevelopment(withContent(number, said(`No. ${number}`))));
  log.decide(decisions.pin({ development: id(3) }));
  return log.decide(decisions.retract({ development: id(4), told: { reason: 'Because.' } }));
}
const { records } = writing();
const logOf = (written: Writing['records']) => {
  const log = new MemoryLog();
  for (const record of written) log.arrive(record);
  return log;
};

interface Desk {
  readonly desk: CommandProcessor;
  /** Where each read began. */
  readonly from: number[];
  readonly followed: Promise<unknown>;
}

async function started(log: MemoryLog, bounds: Partial<StateBounds> = {}, holdMs = 20): Promise<Desk> {
  const from: number[] = [];
  const reader: LogReader = log.reader();
  let handled: Promise<void> = Promise.resolve();
  const watched: LogReader = {
    ...reader,
    read: (at, onBatch, signal) => {
      from.push(at);
      return reader.read(at, records => (handled = onBatch(records)), signal);
    },
    // As Kafka's reader does.
    close: async () => {
      await handled.catch(() => undefined);
      await reader.close();
    },
  };
  const note = (_: object, text: string) => void lines.push(text);
  const kept = new KeptState(folder, holdMs, { info: note, warn: note }, { ...stateBounds, againMs: 20, ...bounds });
  const keys = { close: async () => undefined } as unknown as KeyStore;
  const desk = new CommandProcessor('urn:test', 10_000, watched, log.appender(), keys, kept);
  running.push(desk);
  const followed = desk.follow().catch((error: unknown) => error);
  await desk.open();
  return { desk, from, followed };
}

async function stopped({ desk }: Desk): Promise<void> {
  running.splice(running.indexOf(desk), 1);
  await desk.close();
}

const developmentsIn = ({ developments }: StoryState) =>
  new Map([...developments.keys()].map(id => [id, developments.get(id)]));

/** Everything that decisions and the desk read of a model. */
function factsOf(model: WriteModel) {
  const state = model.stories.get(story);
  return {
    position: model.arbitration.position,
    head: headOf(model.arbitration, storyStream(story)),
    unknown: headOf(model.arbitration, 'story:unknown'),
    state: state && { ...state, developments: developmentsIn(state), embargoes: state.embargoes.toObject() },
    record: model.stories.records.get(story),
    stories: model.stories.records.keysAfter('', 10),
    actors: model.directory.profiles.toObject(),
    recent: model.recent.get(storyStream(story)),
    commands: Array.from({ length: model.arbitration.position + 5 }, (_, at) =>
      model.commands.get(ownKey('ed', `command-${at}`)),
    ),
    never: [model.stories.has('unknown'), state?.developments.has(id(9_999))],
  };
}
const inMemory = (written: Writing['records']) =>
  factsOf(
    written
      .map((record, offset) => ({ ...record, offset }))
      .reduce((model, record) => applyRecord(model, record), emptyWriteModel),
  );
const whole = inMemory(records);
const thrownAway = 'the state on disk is deleted; the log is read from its start';

describe('a restart with the state on disk', () => {
  test('reading continues after the last record, and the state equals a read of the whole log', async () => {
    const log = logOf(records.slice(0, 200));
    const first = await started(log, { bulk: 40 });
    expect(first.from).toEqual([0]);
    await stopped(first);
    for (const record of records.slice(200)) log.arrive(record);
    const second = await started(log);
    expect(second.from).toEqual([199]);
    expect(factsOf(second.desk.view())).toEqual(whole);
    expect(lines).toEqual([]);
  });

  test('after kill -9 reading continues after the last flush', async () => {
    const log = logOf(records.slice(0, 200));
    const first = await started(log, { bulk: 100, generation: 20, generationMs: 20 });
    // Only the checkpoint is JSON within JSON.
    while (!readFileSync(file).includes('digest\\"')) await sleep(5);
    await sleep(50);
    for (const record of records.slice(200)) log.arrive(record);
    const bytes = readFileSync(file);
    await stopped(first);
    writeFileSync(file, bytes);
    const second = await started(logOf(records));
    expect(second.from).toEqual([199]);
    expect(factsOf(second.desk.view())).toEqual(whole);
  });

  test('after kill -9 during the first read, the log is read from its start', async () => {
    const first = await started(logOf(records), { bulk: 100, generationMs: 60_000 });
    const bytes = readFileSync(file);
    await stopped(first);
    writeFileSync(file, bytes);
    const second = await started(logOf(records));
    expect(second.from).toEqual([0]);
    expect(lines).toEqual([thrownAway]);
    expect(factsOf(second.desk.view())).toEqual(whole);
  });

  test.each([
    ['another log', () => logOf(writing('Another').records)],
    ['a log that ends earlier', () => logOf(records.slice(0, 100))],
    ['a log that ends one record earlier', () => logOf(records.slice(0, -1))],
  ])('for %s the state is deleted, and that log is read from its start', async (_, other) => {
    await stopped(await started(logOf(records)));
    const log = other();
    const { desk, from } = await started(log);
    expect(from).toEqual([records.length - 1, 0]);
    expect(lines).toEqual([thrownAway]);
    expect(factsOf(desk.view())).toEqual(inMemory(log.records as unknown as Writing['records']));
  });

  test.each([
    ['is cut', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['is not a database', () => Buffer.from('This is not a database, and long enough to be looked at. '.repeat(40))],
    ['has another checkpoint', (bytes: Buffer) => swapped(bytes, '"digest', '"digesT')],
    ['has another format', (bytes: Buffer) => (bytes.writeUInt32BE(99, 60), bytes)],
    ['has a changed byte in an actor’s entry', (bytes: Buffer) => swapped(bytes, 'mayor{', 'mayor[')],
  ])('a state file that %s is deleted', async (_, change) => {
    await stopped(await started(logOf(records)));
    writeFileSync(file, change(readFileSync(file)));
    const { desk, from } = await started(logOf(records));
    expect(from).toEqual([0]);
    expect(lines).toEqual([thrownAway]);
    expect(factsOf(desk.view())).toEqual(whole);
  });

  test('where the state cannot be deleted, a temporary file is used', async () => {
    await stopped(await started(logOf(records)));
    // SQLite opens no file with such a journal, and a folder is not deleted as a file is. On a read-only disk both fail too.
    rmSync(`${file}-journal`);
    mkdirSync(`${file}-journal`);
    const { desk, from } = await started(logOf(records));
    expect(from).toEqual([0]);
    expect(lines).toEqual([expect.stringMatching('STATE_DIR cannot be used')]);
    expect(factsOf(desk.view())).toEqual(whole);
  });

  test('a truncated log is reported as without a state', async () => {
    await stopped(await started(logOf(records)));
    const log = logOf(records);
    log.first = 5;
    const kept = new KeptState(folder, 20, { info: () => undefined, warn: () => undefined });
    const desk = new CommandProcessor('urn:test', 500, log.reader(), log.appender(), {} as KeyStore, kept);
    await expect(desk.follow()).rejects.toEqual(new LogError('log-truncated'));
    kept.discard('The test is over.');
  });
});

const swapped = (bytes: Buffer, one: string, other: string) => {
  for (let at = bytes.indexOf(one); at >= 0; at = bytes.indexOf(one, at + 1)) bytes.write(other, at);
  return bytes;
};

test('a state file found to be damaged while the process runs is deleted, and the log is read again', async () => {
  await stopped(await started(logOf(records.slice(0, 200))));
  await stopped(await started(logOf(records)));
  // A development that is read from the file only when a decision asks for it.
  writeFileSync(file, swapped(readFileSync(file), `${story}/${id(7)}{`, `${story}/${id(8)}{`));
  const { desk, from } = await started(logOf(records));
  expect(from).toEqual([records.length - 1]);
  expect(() => factsOf(desk.view())).toThrow('damaged');
  while (!desk.ready || from.length < 2) await sleep(5);
  expect(from).toEqual([records.length - 1, 0]);
  expect(factsOf(desk.view())).toEqual(whole);
  expect(lines).toEqual([thrownAway]);
});

test('of two processes with one folder, the second one uses a temporary file and leaves the first one’s', async () => {
  const first = await started(logOf(records));
  const second = await started(logOf(records));
  expect(lines).toEqual([expect.stringMatching('STATE_DIR cannot be used')]);
  expect(second.from).toEqual([0]);
  await stopped(second);
  await stopped(first);
  expect((await started(logOf(records))).from).toEqual([records.length - 1]);
});

test('a process whose temporary file is damaged leaves the file of another process alone', async () => {
  const first = await started(logOf(records));
  const second = await started(logOf(records));
  groundOf(second.desk).damaged(new StateError('a byte has changed'));
  while (second.from.length < 2 || !second.desk.ready) await sleep(5);
  await stopped(second);
  await stopped(first);
  expect((await started(logOf(records))).from).toEqual([records.length - 1]);
});

test('while the log is read again, no waiting command is decided on a part of it', async () => {
  const log = logOf(records);
  const { desk } = await started(log);
  const positions: number[] = [];
  const decide = (tip: WriteModel) => (positions.push(tip.arbitration.position), undefined);
  const placed = new Promise(resolve => {
    const begin = desk.begin.bind(desk);
    desk.begin = model => {
      begin(model);
      resolve(desk.turn({ stream: storyStream(story), own: 'x', decide }, 10_000));
    };
  });
  groundOf(desk).damaged(new StateError('a byte has changed'));
  await expect(placed).resolves.toMatchObject({ turn: 'decided' });
  expect(positions).toEqual([desk.view().arbitration.position]);
});

/** Calls it until it throws. */
async function thrownBy(call: () => unknown): Promise<unknown> {
  for (;;) {
    try {
      call();
    } catch (error) {
      return error;
    }
    await sleep(5);
  }
}

const groundOf = ({ kept }: CommandProcessor) => (kept as unknown as { readonly ground: Ground }).ground;
/** Limits the pages of the process's file. */
const pagesOf = (desk: CommandProcessor) => {
  const { file } = groundOf(desk);
  return (most: number) => file.limitPages(most);
};

describe('the state on disk while the process runs', () => {
  const later = (writing: Writing, from: number, to: number) => {
    for (let number = from; number <= to; number++)
      writing.decide(decisions.recordDevelopment(withContent(number, said(`No. ${number}`))));
  };

  test('it is flushed when no decision needs an older model, and then an older model cannot be read', async () => {
    const written = writing();
    const log = logOf(written.records);
    const { desk } = await started(log, { bulk: 1, generation: 50, generationMs: 50 });
    const before = desk.view();
    const [seen, position] = [factsOf(before), before.arbitration.position];
    later(written, 1_000, 1_050);
    for (const record of written.records.slice(position)) log.arrive(record);
    while (desk.view().arbitration.position < written.position) await sleep(1);
    expect(factsOf(before)).toEqual(seen);
    const read = () => before.stories.get(story)!.developments.has(id(1));
    await expect(thrownBy(read)).resolves.toBeInstanceOf(OldModel);
    expect(factsOf(desk.view())).toEqual(inMemory(written.records));
  });

  test('a full disk is logged once, flushing is tried again, and the state stays complete', async () => {
    const written = writing();
    const log = logOf(written.records);
    const { desk } = await started(log, { bulk: 1, generation: 20, generationMs: 20 });
    const { kept } = desk;
    const { position } = desk.view().arbitration;
    pagesOf(desk)(1);
    later(written, 2_000, 2_300);
    for (const record of written.records.slice(position)) log.arrive(record);
    while (kept.failure === undefined) await sleep(5);
    await sleep(100);
    expect(factsOf(desk.view())).toEqual(inMemory(written.records));
    expect(lines).toEqual(['the state cannot be written; it grows in memory until a later attempt succeeds']);
    pagesOf(desk)(1_000_000);
    while (kept.failure !== undefined) await sleep(5);
    expect(lines.at(-1)).toBe('the state is written again');
    expect(factsOf(desk.view())).toEqual(inMemory(written.records));
  });

  test('a write that fails while changes come is tried again', async () => {
    const log = logOf(records.slice(0, 200));
    const { desk } = await started(log, { generation: 5, generationMs: 30, againMs: 50 }, 5);
    const { file: disk } = groundOf(desk);
    const flush = disk.flush.bind(disk);
    let tries = 0;
    disk.flush = async (...given) => {
      if (++tries > 1) return flush(...given);
      for (const record of records.slice(250)) log.arrive(record);
      await sleep(10);
      throw new Error('The disk is full.');
    };
    for (const record of records.slice(200, 250)) log.arrive(record);
    while (desk.kept.failure === undefined) await sleep(1);
    while (desk.kept.failure !== undefined) await sleep(5);
    expect(factsOf(desk.view())).toEqual(whole);
  });

  test('a process ends although its disk is full and reading waits for room', async () => {
    const written = writing();
    const log = logOf(written.records);
    const running = await started(log, { bulk: 1, generation: 20, generationMs: 20, most: 500 });
    const { position } = running.desk.view().arbitration;
    pagesOf(running.desk)(1);
    later(written, 2_000, 3_000);
    for (const record of written.records.slice(position)) log.arrive(record);
    await sleep(300);
    expect(running.desk.view().arbitration.position).toBeLessThan(written.position);
    await stopped(running);
  });

  test('reading pauses when too much is unwritten', async () => {
    const written = writing();
    const log = logOf(written.records);
    const { desk } = await started(log, { bulk: 1, generation: 20, generationMs: 20, most: 500 });
    const { position } = desk.view().arbitration;
    pagesOf(desk)(1);
    later(written, 2_000, 3_000);
    for (const record of written.records.slice(position)) log.arrive(record);
    await sleep(300);
    expect(desk.view().arbitration.position).toBeLessThan(written.position);
    expect(await desk.caughtUp(10)).toBe(false);
    pagesOf(desk)(1_000_000);
    while (desk.view().arbitration.position < written.position) await sleep(5);
    expect(factsOf(desk.view())).toEqual(inMemory(written.records));
  });
});
