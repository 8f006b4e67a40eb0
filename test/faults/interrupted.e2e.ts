import { afterEach, expect, jest, test } from '@jest/globals';
import { TestRun } from './interrupted.fixture.js';

// Each run starts Kafka and PostgreSQL, and the fixture is patient.
jest.setTimeout(600_000);

const possible = process.platform === 'linux' && process.env.PROVISIONED_BY === 'native';
const native = possible ? test : test.skip;

let run: TestRun | undefined;
afterEach(() => run?.remove());

native('`npm test` leaves no process when it is interrupted while its servers start', async () => {
  run = new TestRun('native', ['loop/guards']);
  await run.says('== unit tests');
  await run.running(/java/);
  expect(await run.interrupt()).toBe(130);
  expect([run.processes(), run.folders()]).toEqual([[], []]);
});

native('`npm test` leaves no process when SIGTERM ends it during parallel tests', async () => {
  run = new TestRun('native', ['loop/guards', 'loop/supervise']);
  await run.says('== int tests');
  await run.running(/jest-worker/);
  expect(run.servers()).toHaveLength(2);
  expect(await run.interrupt('SIGTERM')).toBe(130);
  expect([run.processes(), run.folders()]).toEqual([[], []]);
});

native.each([
  ['a signal to its first process alone', false],
  ['Ctrl-C in its terminal', true],
])('`npm test` leaves no process when its tests run the apps and it is ended by %s', async (_, terminal) => {
  run = new TestRun('native', ['faults/race'], terminal);
  await run.running(/apps\/projector/);
  expect(await run.interrupt()).toBe(130);
  expect([run.processes(), run.folders()]).toEqual([[], []]);
});
