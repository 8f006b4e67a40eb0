import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mainOf } from '../harness/app.js';
import { Slot } from './slot.js';

/** A checkout whose projector does nothing, and ends at once if it is told to. */
const home = mkdtempSync(join(tmpdir(), 'dateline-slot-'));
const slots: Slot[] = [];

beforeAll(() => {
  const file = mainOf('projector', home);
  mkdirSync(dirname(file), { recursive: true });
  const end = `setTimeout(() => { console.error('A socket failed.'); process.exit(3); }, 50)`;
  const listening = `console.log('{"listening":"http://127.0.0.1:1"}')`;
  writeFileSync(file, `${listening}; process.env.ENDS ? ${end} : setInterval(() => {}, 1_000);`);
});
afterEach(() => Promise.all(slots.splice(0).map(slot => slot.kill())));
afterAll(() => rmSync(home, { recursive: true }));

async function started(env: Record<string, string>): Promise<Slot> {
  const slot = new Slot('projector', { NODE_OPTIONS: '', ...env }, undefined, home);
  slots.push(slot);
  await slot.start();
  return slot;
}

test('a process that ends although nothing ended it is noted once, also if it is killed afterwards', async () => {
  const slot = await started({ ENDS: 'yes' });
  for (let waited = 0; slot.runs && waited < 10_000; waited += 50) await sleep(50);
  await slot.kill();
  const found = slot.takeEnded();
  expect(found).toEqual([expect.stringMatching(/^projector ended with 3: .*A socket failed\.$/)]);
  expect([slot.runs, slot.takeEnded()]).toEqual([false, []]);
});

test('a process that is killed or replaced is not', async () => {
  const slot = await started({});
  await slot.replace(home);
  expect(slot.runs).toBe(true);
  await slot.kill();
  expect([slot.runs, slot.takeEnded()]).toEqual([false, []]);
});
