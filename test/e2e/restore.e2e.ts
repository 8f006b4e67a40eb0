import { openHead } from '#bundle';
import { kafkaAppender } from '#event-log';
import { openPool } from '#postgres';
import { buildName, hashBuild, projections } from '#projections';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLog } from '../harness/log.js';
import { TestNewsroom } from '../harness/newsroom.js';

// This must differ from the number of void records that the races below leave, so it is larger.
const leadInLength = 50;
let [before, after]: TestNewsroom[] = [];
let folder: string;
let signing: { HEADS_TO: string; SIGNING_KEY_FILE: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dateline-test-'));
  signing = { HEADS_TO: join(folder, 'heads.jws'), SIGNING_KEY_FILE: join(folder, 'key.json') };
  const made = await audit({}, 'keygen', '--to', signing.SIGNING_KEY_FILE);
  expect([made.code, JSON.parse(made.stdout)]).toEqual([0, expect.not.objectContaining({ d: expect.anything() })]);
  before = await TestNewsroom.open({ editors: 2, reader: false, env: signing });
  after = await TestNewsroom.open({ editors: 0 });
});
afterAll(async () => {
  await Promise.all([before?.close(), after?.close()]);
  await rm(folder, { recursive: true });
});

/** Runs the audit command line, with one key for both newsrooms. */
function audit(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const all = { ...process.env, NODE_OPTIONS: '', ...env, SIGNING_KEY_FILE: signing.SIGNING_KEY_FILE };
  return new Promise(resolve => {
    const main = ['dist/apps/audit/src/main.js', ...args];
    const child = execFile(process.execPath, main, { env: all }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** Resolves when the projector has signed a head of that position. */
async function signed(position: number): Promise<void> {
  for (const end = Date.now() + 30_000; ; await new Promise(go => setTimeout(go, 50))) {
    const lines = (await readFile(signing.HEADS_TO, 'utf8').catch(() => '')).trimEnd().split('\n');
    if (lines.at(-1) && (await openHead(lines.at(-1)!)).position >= position) return;
    if (Date.now() > end) throw new Error(`No head of position ${position} was signed.`);
  }
}

async function hashOf({ env }: TestNewsroom) {
  const pool = openPool(env.DATABASE_URL!, { application: 'test' });
  try {
    const { rows } = await pool.query('select next_offset from dateline.build where live');
    const visible = await pool.query('select first, last, at from dateline.visibility order by last');
    return {
      hash: await hashBuild(pool, buildName(projections), projections),
      offset: rows[0].next_offset,
      visible: visible.rows,
    };
  } finally {
    await pool.end();
  }
}

const statement = (quote: string) => ({
  content: {
    kind: 'statement',
    data: { speaker: 'mayor', quote },
    occurred: { from: '2026-03-01T09:30:00+01:00', precision: 'minute' },
    sourcing: { basis: 'on-record', standing: 'confirmed', actor: 'mayor' },
    modality: { mode: 'asserted' },
  },
});

describe('a newsroom that is exported and restored elsewhere', () => {
  let position = 0;

  test('it has the same positions, tables and times of visibility, at other offsets', async () => {
    const editors = await Promise.all([before!.as(['editor']), before!.as(['editor'], 1)]);
    expect(
      (await editors[0]!.post('/actors', { id: 'mayor', name: 'The Mayor', kind: 'person', aliases: [] })).status,
    ).toBe(201);
    expect((await editors[0]!.post('/stories', { id: 'storm', title: 'The storm', zone: 'UTC' })).status).toBe(201);
    // Two simultaneous posts leave void records, which no bundle contains.
    for (let turn = 0; turn < 8; turn++) {
      const answers = await Promise.all(
        editors.map((client, i) => client.post('/stories/storm/developments', statement(`No. ${turn}.${i}`))),
      );
      for (const { status, body } of answers) {
        expect(status).toBe(201);
        position = Math.max(position, body.position);
      }
    }
    await before!.seen(position);
    const bundle = join(folder, 'bundle');
    expect(await audit(before!.env, 'export', '--all', '--to', bundle)).toMatchObject({ code: 0 });
    expect(await audit(before!.env, 'check', bundle)).toMatchObject({ code: 0 });

    await signed(position);

    await after!.projector!.signal('SIGTERM');
    await leadIn(after!);
    const restored = await audit(after!.env, 'restore', bundle);
    expect([restored.code, restored.stderr]).toEqual([0, '']);
    await after!.startProjector();
    await after!.seen(position);

    const [was, is] = [await hashOf(before!), await hashOf(after!)];
    expect(is.hash).toEqual(was.hash);
    expect(is.hash.position).toBe(position);
    expect(is.visible).toEqual(was.visible);
    const { winners, voids } = await readLog(after!.env);
    expect([winners.length, voids]).toEqual([position, leadInLength]);
    expect(is.offset).toBe(position + leadInLength);
    expect(is.offset).not.toBe(was.offset);
  });

  test('the signed heads match both logs', async () => {
    for (const { env } of [before!, after!])
      expect(await audit(env, 'heads', signing.HEADS_TO)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('EQUAL'),
      });
  });

  test('editors can post there, and verify finds no difference', async () => {
    await after!.startEditors(1);
    const editor = await after!.as(['editor']);
    const { status, body } = await editor.post('/stories/storm/developments', statement('After the fire.'));
    expect([status, body.position]).toEqual([201, position + 1]);
    await after!.seen(position + 1);
    const timeline = await after!.readers.get('/stories/storm/timeline');
    expect(timeline.text).toContain('After the fire.');
    const verified = await audit(after!.env, 'verify');
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('EQUAL')]);
  });
});

/** Appends records that were never commits, so that every commit gets another offset than before. */
async function leadIn({ env }: TestNewsroom): Promise<void> {
  const appender = kafkaAppender({ brokers: env.KAFKA_BROKERS!.split(','), topic: env.LOG_TOPIC! });
  for (let i = 0; i < leadInLength; i++)
    expect(await appender.append({ key: 'void', headers: { ce_subject: 'void' }, value: Buffer.from('void') })).toBe(
      'sent',
    );
  await appender.close();
}
