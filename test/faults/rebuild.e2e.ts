import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../harness/client.js';
import { scrape } from '../harness/metrics.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { audit, lastLine, succeeds } from '../harness/audit.js';
import { builds, load, schemas, storyPath, type Load } from './rebuild.fixture.js';
import { statement } from '../harness/statement.js';

const stock = 300;

let newsroom: TestNewsroom;
let editors: Client[];
let loaded: Load | undefined;

beforeAll(async () => {
  newsroom = await TestNewsroom.open({ editors: 2, env: { METRICS_PORT: '0' } });
  editors = [await newsroom.as(['editor'], 0), await newsroom.as(['editor'], 1)];
  const [editor] = editors;
  await editor!.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person' });
  await editor!.post('/stories', { id: 'storm', title: 'The storm', zone: 'UTC' });
  for (let i = 0; i < stock; i++) await editor!.post(`${storyPath}/developments`, statement(`No. ${i}`));
});
afterEach(async () => {
  await loaded?.stop();
  loaded = undefined;
});
afterAll(() => newsroom?.close());

const live = async () => (await builds(newsroom)).find(build => build.live)!;
const other = async () => (await builds(newsroom)).find(({ promoted_at: since }) => since === null);
async function until(reached: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await reached()); await sleep(10))
    if (Date.now() > end) throw new Error(`Not reached: ${reached}`);
}

/** Asserts that every development answered with 201 is readable, and arrived once on the live connection, in order. */
async function expectAllThere({ posted, live: came }: Load): Promise<void> {
  const ids = new Set<string>();
  let positions: number[] = [];
  for (let next: string | null = `${storyPath}/timeline?limit=200&order=story`; next;) {
    const { body } = await newsroom.readers.get(next);
    for (const { id, position } of body.entries) {
      ids.add(id);
      positions.push(position);
    }
    next = body.next;
  }
  expect(posted.filter(id => !ids.has(id))).toEqual([]);
  positions = positions.filter(position => position >= came[0]! && position <= came.at(-1)!);
  expect(came).toEqual(positions);
}

test('during a rebuild under load no read fails or mixes builds, and no post is lost', async () => {
  const { name: before } = await live();
  loaded = load(newsroom, editors, 5);
  await sleep(1_000);
  const run = audit(newsroom, 'rebuild', '--json');
  const ran = await run.ended;
  expect([ran.code, ran.out]).toEqual([0, expect.stringContaining('swapped')]);
  const report = lastLine(ran);
  expect(report).toMatchObject({ swapped: true, from: before, differing: {}, first: null });
  await sleep(1_000);
  const { length } = loaded.posted;
  await until(async () => loaded!.posted.length > length + 20);
  const { position } = await live();
  await loaded.stop();
  await newsroom.seen(position);
  expect(loaded.wrong).toEqual([]);
  expect(loaded.seen).toEqual([before, report.to]);
  expect(await live()).toMatchObject({ name: report.to });
  await expectAllThere(loaded);
  expect(newsroom.projector!.output.filter(line => /warn|error|retrying/.test(line))).toEqual([]);
});

test('a killed rebuild continues from its checkpoint, and a second simultaneous one is refused', async () => {
  loaded = load(newsroom, editors, 50);
  const first = audit(newsroom, 'rebuild', '--rate', '10', '--keep');
  await until(async () => ((await other())?.position ?? 0) > 60);
  const second = await audit(newsroom, 'rebuild').ended;
  expect([second.code, second.err]).toEqual([2, expect.stringMatching(/Another rebuild is running.*is at position/)]);
  first.process.kill('SIGKILL');
  await first.ended;
  const left = (await other())!;
  const ran = await audit(newsroom, 'rebuild', '--keep', '--json').ended;
  expect(ran.code).toBe(0);
  const report = lastLine(ran);
  expect(report).toMatchObject({ swapped: true, to: left.name });
  const { position, next_offset: next } = await live();
  expect(report.records).toBeLessThanOrEqual(next - Number(left.next_offset));
  await loaded.stop();
  expect(loaded.wrong).toEqual([]);
  await newsroom.seen(position);
  await expectAllThere(loaded);
});

test('a rebuild keeps its rate, can be interrupted and continued, and leaves nothing after --abort', async () => {
  const before = await schemas(newsroom);
  const rate = 20;
  // When it was last asked before it had folded anything.
  let [idle, asked] = [0, performance.now()];
  const slow = audit(newsroom, 'rebuild', '--rate', String(rate));
  await until(async () => {
    [idle, asked] = [asked, performance.now()];
    return ((await other())?.position ?? 0) > 0;
  });
  await until(async () => (await other())!.position > 3 * rate);
  const { position } = (await other())!;
  // A batch is a fifth of a second's records, and a quarter of a second is made up.
  expect(position / rate).toBeLessThan((performance.now() - idle) / 1_000 + 0.2 + 0.25);
  slow.process.kill('SIGINT');
  const interrupted = await slow.ended;
  expect([interrupted.code, interrupted.err]).toEqual([
    130,
    expect.stringMatching(/run the same command to continue it/),
  ]);
  // Its rows, the views of its past, and those of what had begun.
  expect(await schemas(newsroom)).toHaveLength(before.length + 3);
  const aborted = await audit(newsroom, 'rebuild', '--abort').ended;
  expect([aborted.code, aborted.out]).toEqual([0, expect.stringMatching(/^removed build_/)]);
  expect(await schemas(newsroom)).toEqual(before);
  expect((await builds(newsroom)).flatMap(({ name }) => [name, `${name}_at`, `${name}_by`])).toEqual(before);
});

test('the projector exports the progress of a rebuild until its build is live', async () => {
  const metric = (what: string) => scrape(newsroom.projector!, `dateline_rebuild_${what}`);
  expect(await metric('progress_ratio')).toEqual({});
  const { next_offset: all } = await live();
  const run = audit(newsroom, 'rebuild', '--rate', String(Math.ceil(all / 4)), '--json');
  const seen: number[] = [];
  let lacking: Record<string, number> = {};
  await until(async () => {
    const [ratio = 0] = Object.values(await metric('progress_ratio'));
    if (ratio > 0 && ratio < 1) {
      seen.push(ratio);
      lacking = await metric('lag_records');
    }
    return run.process.exitCode !== null;
  });
  const { to } = lastLine(await succeeds(run));
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(new Set(seen).size).toBeGreaterThan(3);
  expect(Object.keys(lacking)).toEqual([`build="${to}"`]);
  expect(await metric('progress_ratio')).toEqual({});
});

test('builds --return goes back to the retired build, which catches up first, and then forward again', async () => {
  const { name } = await live();
  const left = (await builds(newsroom)).filter(build => !build.live);
  loaded = load(newsroom, editors, 50);
  await sleep(500);
  const { length } = loaded.posted;
  await succeeds(audit(newsroom, 'builds', '--return'));
  const now = await live();
  expect(left.map(build => build.name)).toContain(now.name);
  await until(async () => loaded!.posted.length > length + 10);
  const dropped = await audit(newsroom, 'builds', '--drop', now.name).ended;
  expect([dropped.code, dropped.err]).toEqual([2, expect.stringMatching(/This build is live/)]);
  await succeeds(audit(newsroom, 'builds', '--return', name));
  const { position } = await live();
  await loaded.stop();
  await newsroom.seen(position);
  // Pages must load again, because a reactivated build may hold other rows.
  expect(loaded.wrong.filter(what => !/folded-anew/.test(what))).toEqual([]);
  await succeeds(audit(newsroom, 'builds', '--drop', now.name));
  expect(await schemas(newsroom)).not.toContain(now.name);
  await succeeds(audit(newsroom, 'verify'));
});
