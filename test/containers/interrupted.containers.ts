import { afterEach, expect, test } from '@jest/globals';
import { TestRun } from '../faults/interrupted.fixture.js';
import { docker, projectOf, removeLeft, until } from './compose.js';

let run: TestRun | undefined;
afterEach(() => run?.remove());

const lines = async (...args: string[]) => (await docker(...args)).split('\n').filter(Boolean);

/** The ids of the containers that a run started. */
async function containersOf({ temp }: TestRun): Promise<string[]> {
  const all = await lines('ps', '--all', '--no-trunc', '--format', '{{.ID}} {{.Label "dateline.dir"}}');
  return all.flatMap(line => (line.split(' ')[1]?.startsWith(temp) ? [line.split(' ')[0]!] : []));
}

const volumesOf = (containers: readonly string[]) =>
  lines(
    'inspect',
    '--format',
    '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}',
    ...containers,
  );

test.each([
  ['a signal to its first process alone', false],
  ['Ctrl-C in its terminal', true],
])('`npm test` keeps its containers between suites, and leaves none when it is ended by %s', async (_, ctrlC) => {
  run = new TestRun('docker', ['postgres/src/migrate', 'faults/race'], ctrlC);
  await run.says('== int tests');
  const containers = await containersOf(run);
  expect(containers).toHaveLength(2);
  const volumes = await volumesOf(containers);
  await run.says('== e2e tests');
  await run.running(/apps\/projector/);
  expect(await containersOf(run)).toEqual(containers);
  expect(await run.interrupt()).toBe(130);
  expect([run.processes(), run.folders(), await containersOf(run)]).toEqual([[], [], []]);
  const left = await lines('volume', 'ls', '--quiet');
  expect(volumes.filter(volume => left.includes(volume))).toEqual([]);
});

test('`npm test` leaves no container when it is interrupted while they start', async () => {
  const begun = (run = new TestRun('docker', ['loop/guards']));
  await run.says('== unit tests');
  await until(async () => (await containersOf(begun)).length > 0, 'a container is there');
  expect(await run.interrupt()).toBe(130);
  expect([run.processes(), run.folders(), await containersOf(run)]).toEqual([[], [], []]);
});

test('`npm test` leaves no container of a newsroom that its tests started', async () => {
  await removeLeft(true);
  run = new TestRun('docker', ['--containers', 'containers/compose.containers']);
  const project = projectOf('dateline-test-compose', true);
  const ours = ['--all', '--quiet', '--filter', `name=${project}`];
  await until(async () => (await lines('ps', ...ours)).length > 3, 'some of the newsroom is there');
  expect(await run.interrupt()).toBe(130);
  const volumes = await lines('volume', 'ls', '--quiet', '--filter', `name=${project}`);
  expect([run.processes(), run.folders(), await lines('ps', ...ours), volumes]).toEqual([[], [], [], []]);
});
