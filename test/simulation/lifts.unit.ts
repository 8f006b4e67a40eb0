import {
  decisions,
  digest,
  noStory,
  outlineOf,
  storyStream,
  type Content,
  type StoryDecision,
  reconstructDecision,
} from '#domain';
import { arbitrate, decode, emptyLog } from '#event-log';
import { openKeyStore } from '#keys';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandProcessor } from '../../apps/editor-api/src/commands/processor.js';
import { EmbargoScheduler } from '../../apps/editor-api/src/commands/embargo-scheduler.js';
import { MemoryLog } from '../../libs/event-log/src/memory/log.js';

/** Opens a story as earlier versions did, without a key. */
const opening = (title: string) =>
  reconstructDecision([{ type: 'StoryOpened', data: { title, zone: 'UTC' } }], { id: 'ed' })!;

const noon = Date.parse('2026-01-01T12:00:00.000Z');
const at = (ms: number) => new Date(noon + ms).toISOString();
const id = '00000000-0000-4000-8000-000000000001';
const content = {
  kind: 'context',
  headline: 'It began',
  data: { topic: 'The count', summary: 'It began' },
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'asserted' },
} as unknown as Content;

const outline = outlineOf(content, digest(content));

const folder = mkdtempSync(join(tmpdir(), 'lifts-'));
const keys = openKeyStore({ KEY_STORE: pathToFileURL(folder).href, DATABASE_URL: '' });
afterAll(() => rmSync(folder, { recursive: true }));
const desks: CommandProcessor[] = [];
afterEach(async () => {
  await Promise.all(desks.splice(0).map(desk => desk.close()));
});

async function openDesk(log: MemoryLog): Promise<CommandProcessor> {
  const desk = new CommandProcessor('urn:test:log', 10_000, log.reader(), log.appender(), keys);
  desks.push(desk);
  void desk.follow();
  await desk.open();
  return desk;
}

let commands = 0;
async function decide(desk: CommandProcessor, decision: StoryDecision): Promise<void> {
  const command = `command-${++commands}`;
  const { outcome } = await desk.submit({
    stream: storyStream('s'),
    command,
    commandHash: digest(command),
    does: 'test',
    by: { id: 'ed' },
    sealing: room => {
      const { status, developments } = room.stories.get('s', noStory);
      if (status !== 'open') return undefined;
      return developments.has(id) ? { key: id } : { key: id, isNew: true };
    },
    decide: room => decision(room.stories.get('s', noStory)),
  });
  expect(outcome).toBe('won');
}

/** A process with one development under embargo until noon. */
async function underEmbargo(log: MemoryLog): Promise<CommandProcessor> {
  const desk = await openDesk(log);
  await decide(desk, opening('s'));
  await decide(
    desk,
    decisions.recordDevelopment({ development: id, outline, told: { content }, embargo: { until: at(0) } }),
  );
  return desk;
}

/** A scheduler with its log output. It runs at a given instant. */
function lifter(desk: Pick<CommandProcessor, 'ready' | 'view' | 'submit'>, toleranceMs = 0) {
  const lines: string[] = [];
  let now = noon;
  const log = {
    info: (_: object, line: string) => lines.push(line),
    warn: (_: object, line: string) => lines.push(line),
  };
  const lifts = new EmbargoScheduler(desk, log as never, toleranceMs, () => now);
  const tick = (ms: number) => ((now = noon + ms), lifts.tick());
  return { lines, tick, late: () => lifts.late() };
}

function lifted(log: MemoryLog) {
  let state = emptyLog;
  return log.records.flatMap(({ headers, value }) => {
    const [next, verdict] = arbitrate(state, headers);
    state = next;
    const read = verdict.won ? decode(headers, value, verdict) : undefined;
    if (!read || !('commit' in read)) return [];
    return read.commit.events.flatMap(({ type, data }) =>
      type === 'EmbargoLifted' ? [{ ...data, by: read.commit.by }] : [],
    );
  });
}

describe('the automatic lift of an embargo', () => {
  test('it happens at its hour and not before, in the name of the newsroom', async () => {
    const log = new MemoryLog();
    const { tick } = lifter(await underEmbargo(log));
    await tick(-1);
    expect(lifted(log)).toEqual([]);
    await tick(0);
    expect(lifted(log)).toEqual([{ development: id, until: at(0), by: { id: 'dateline' } }]);
    await tick(5_000);
    expect(lifted(log)).toHaveLength(1);
  });

  test('it happens once, with several processes and after a restart', async () => {
    const log = new MemoryLog();
    await underEmbargo(log);
    const others = await Promise.all(Array.from({ length: 4 }, () => openDesk(log)));
    const all = others.map(desk => lifter(desk));
    await Promise.all(all.map(({ tick }, i) => tick(i * 100)));
    const late = lifter(await openDesk(log));
    await late.tick(3_600_000);
    expect(lifted(log)).toHaveLength(1);
    expect(all.flatMap(({ lines }) => lines)).toEqual(expect.arrayContaining(['embargo lifted']));
    expect(late.lines).toEqual([]);
  });

  test('it waits for the tolerated difference of clocks', async () => {
    const log = new MemoryLog();
    const { tick } = lifter(await underEmbargo(log), 500);
    await tick(499);
    expect(lifted(log)).toEqual([]);
    await tick(500);
    expect(lifted(log)).toHaveLength(1);
  });

  test('it does not happen if the embargo was postponed, even if the scheduler has not read that yet', async () => {
    const log = new MemoryLog();
    const desk = await underEmbargo(log);
    const asItWas = desk.view();
    await decide(desk, decisions.changeEmbargo({ development: id, until: at(60_000) }));
    const { tick } = lifter({ ready: true, view: () => asItWas, submit: s => desk.submit(s) });
    await tick(1_000);
    expect(lifted(log)).toEqual([]);
    const other = lifter(desk);
    await other.tick(60_000);
    expect(lifted(log)).toEqual([expect.objectContaining({ until: at(60_000) })]);
  });

  test('it does not happen if the development was retracted or the embargo has no hour', async () => {
    const log = new MemoryLog();
    const desk = await underEmbargo(log);
    const { tick, late } = lifter(desk);
    await decide(desk, decisions.changeEmbargo({ development: id }));
    await tick(60_000);
    await decide(desk, decisions.changeEmbargo({ development: id, until: at(0) }));
    await decide(desk, decisions.retract({ development: id, told: { reason: 'Wrong.' } }));
    await tick(120_000);
    expect([lifted(log), late()]).toEqual([[], []]);
  });

  test('a lift that fails is tried again, and reported as late once', async () => {
    const log = new MemoryLog();
    const desk = await underEmbargo(log);
    let tries = 0;
    const deaf = async () => (tries++, { outcome: 'unavailable', of: 'log', why: 'The log is unreachable.' } as const);
    const { tick, lines, late } = lifter({ ready: true, view: desk.view, submit: deaf });
    const passed = jest.spyOn(performance, 'now');
    const tickAfter = (ms: number) => (passed.mockReturnValue(ms), tick(ms));
    await tickAfter(0);
    await tickAfter(500);
    expect([tries, late()]).toEqual([1, []]);
    await tickAfter(11_000);
    await tickAfter(13_000);
    passed.mockRestore();
    expect(tries).toBe(3);
    expect(late()).toEqual([{ story: 's', development: id, until: at(0) }]);
    expect(lines.filter(line => /late/.test(line))).toHaveLength(1);
  });

  test('a lift that failed before the clock was put back is tried again a second later', async () => {
    const desk = await underEmbargo(new MemoryLog());
    let tries = 0;
    const { tick } = lifter({
      ready: true,
      view: desk.view,
      submit: () => (tries++, Promise.reject(new Error('No.'))),
    });
    const passed = jest.spyOn(performance, 'now').mockReturnValue(0);
    await tick(86_400_000);
    passed.mockReturnValue(1_000);
    await tick(0);
    passed.mockRestore();
    expect(tries).toBe(2);
  });
});
