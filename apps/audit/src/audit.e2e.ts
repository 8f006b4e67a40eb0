import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buildName, liveBuild, projectorLock, projections, rebuildLock, type Projection } from '#projections';
import { tryLock } from '#postgres';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Audited } from './audited.fixture.js';
import { id, story, writing } from './newsroom.fixture.js';

let it: Audited;
beforeAll(async () => {
  it = await Audited.of(writing().records);
});
afterAll(() => it?.drop());

const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1)!);

describe('the auditors’ command line', () => {
  test('verify exits with 0 and a summary if all is equal, and with 1 and the place if something differs', async () => {
    const fine = await it.run('verify', '--json');
    expect(fine).toMatchObject({ code: 0, stderr: '' });
    expect(lastLine(fine.stdout)).toMatchObject({ equal: true, winners: 42, records: 44, first: null });
    await it.tamper(`update LIVE.timeline set headline = 'Forged' where development = '${id(7)}'`);
    const { code, stdout } = await it.run('verify');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /DIFFERENT: .*\n +stream +story:storm, commit 8\n +position +11\n +row +timeline .*column headline/,
    );
    expect(stdout).toMatch(/the log +"Mayor: No\. 7"\n +the table +"Forged"/);
    await it.tamper(`update LIVE.timeline set headline = 'Mayor: No. 7' where development = '${id(7)}'`);
  });

  test('trail, diff, gap and late print text for people, and JSON with --json', async () => {
    for (const asked of [
      ['trail', story, id(2)],
      ['trail', story, '--actor', 'The mayor', '--facet', 'statement'],
      ['diff', story, '--from', '5', '--to', '40'],
      ['gap', story, '--at', new Date().toISOString()],
      ['late', '--over', '1s'],
    ]) {
      const people = await it.run(...asked);
      expect([people.code, people.stderr]).toEqual([0, '']);
      expect(people.stdout).not.toBe('');
      const machine = await it.run(...asked, '--json');
      expect([machine.code, Object.keys(lastLine(machine.stdout)).length > 1]).toEqual([0, true]);
    }
  });

  test('a command that cannot run exits with 2 and says why', async () => {
    const wrongs: [RegExp, ...string[]][] = [
      [/unknown command/, 'prove'],
      [/missing required argument/, 'trail'],
      [/either a development, or --actor/, 'trail', story],
      [/required option '--to/, 'diff', story, '--from', '3'],
      [/must be a position, or an ISO 8601 instant/, 'diff', story, '--from', 'noon', '--to', '3'],
      [/must be a duration/, 'late', '--over', 'long'],
      [/No story has the id calm/, 'gap', 'calm', '--at', '2026-01-01T00:00:00Z'],
    ];
    for (const [why, ...asked] of wrongs) {
      const { code, stderr } = await it.run(...asked);
      expect([asked, code]).toEqual([asked, 2]);
      expect(stderr).toMatch(why);
    }
  });

  test('verify leaves no build behind when Ctrl-C stops it', async () => {
    const client = await it.pool.connect();
    // Without the keys verify cannot end before it is stopped.
    await client.query('begin; lock table dateline_keys.key in access exclusive mode');
    const child = spawn(process.execPath, ['dist/apps/audit/src/main.js', 'verify'], { env: it.env });
    const ended = once(child, 'close');
    let said = '';
    child.stderr.on('data', data => (said += data));
    while ((await it.builds()).length < 2 && child.exitCode === null) await new Promise(go => setTimeout(go, 5));
    child.kill('SIGINT');
    await client.query('rollback');
    client.release();
    const [code] = await ended;
    expect([code, said]).toEqual([130, expect.stringContaining('Interrupted')]);
    expect(await it.builds()).toEqual([it.build]);
  });

  test('builds --return says that readers were not moved when Ctrl-C stops it', async () => {
    const others: Projection[] = projections.map(projection => ({ ...projection, version: projection.version + 1 }));
    const own = await Audited.of(writing().records);
    await own.fold([...writing().records, ...writing().again().records.slice(-1)], others);
    // It waits for a projector of this version, which moves nothing.
    const leading = await tryLock(own.databaseUrl, projectorLock(own.build));
    const child = spawn(process.execPath, ['dist/apps/audit/src/main.js', 'builds', '--return'], { env: own.env });
    const ended = once(child, 'close');
    let said = '';
    child.stderr.on('data', data => (said += data));
    const isWaiting = async () =>
      (
        await own.pool.query(
          `select from pg_stat_activity where datname = current_database() and application_name = $1`,
          [`lock ${rebuildLock}`],
        )
      ).rowCount === 1;
    while (!(await isWaiting()) && child.exitCode === null) await new Promise(go => setTimeout(go, 5));
    child.kill('SIGINT');
    const [code] = await ended;
    expect([code, said]).toEqual([130, expect.stringContaining('Readers were not moved')]);
    expect((await liveBuild(own.pool))?.made).toBe(buildName(others));
    await leading!.release();
    await own.drop();
  });
});
