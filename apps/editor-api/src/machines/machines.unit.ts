import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Machines } from './machines.js';
import type { MachineStore } from './store.js';

const day = 86_400_000;
const request = { method: 'POST', headers: { authorization: `Bearer dateline_${'a'.repeat(43)}` } };
const refused = { details: { status: 401, code: 'wrong-token' } };

let machines: Machines;
let isRevoked: boolean;
beforeEach(() => {
  isRevoked = false;
  const [made, expires] = [new Date(), new Date(Date.now() + 30 * day)];
  const program = { id: '1', story: 's', acts: [], name: 'Ticker', maker: 'ada', made, expires };
  machines = new Machines({
    find: async () => (isRevoked ? undefined : program),
    use: async () => undefined,
    revoke: async () => ((isRevoked = true), program),
  } as unknown as MachineStore);
});
afterEach(() => void jest.restoreAllMocks());

describe('a program’s token that was revoked is refused', () => {
  test('in the process that revoked it at once', async () => {
    expect(await machines.of(request)).toMatchObject({ principal: { id: 'machine:1' } });
    await machines.revoke('1', 's');
    await expect(machines.of(request)).rejects.toMatchObject(refused);
  });

  test('in another process within half a second, also after its clock was put back', async () => {
    const right = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(right + day);
    expect(await machines.of(request)).toMatchObject({ principal: { id: 'machine:1' } });
    clock.mockReturnValue(right);
    isRevoked = true;
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 600);
    await expect(machines.of(request)).rejects.toMatchObject(refused);
  });
});

test('the end of a token is stored in UTC, as Postgres reads no offset of 16 hours or more', async () => {
  const ends: string[] = [];
  const add: MachineStore['add'] = async (_id, _hash, _story, _by, { expires }) => void ends.push(expires);
  const machines = new Machines({ add } as MachineStore);
  const wanted = { name: 'Gauge', acts: ['record-development'] };
  for (const expires of ['2026-03-01T00:30:00+23:00', `2026-02-28T01:30:00.${'0'.repeat(200)}Z`])
    await machines.make('flood', { id: 'ada' }, { ...wanted, expires });
  expect(ends).toEqual(Array(2).fill('2026-02-28T01:30:00.000Z'));
});
