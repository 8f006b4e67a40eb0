import { LogError } from '#event-log';
import type { Progress } from '#projections';
import { describe, expect, test } from '@jest/globals';
import { HealthController } from './health.controller.js';
import { Status } from './loop/status.js';

const at = (next_offset: number) =>
  ({
    checkpoint: { name: 'build_1', position: 3, next_offset, live: true },
    quarantined: new Map([['story:a', { at: 2, reason: 'unknown' }]]),
  }) as unknown as Progress;

/** A leader that has applied five records of a log that holds `next`. */
function leader(next: number) {
  const status = new Status();
  status.leads();
  status.read(at(5));
  return { status, health: new HealthController(status, { bounds: async () => ({ first: 0, next }) }) };
}

describe('the health of a leader', () => {
  test('it is ready when all records are applied, and counts quarantined streams', async () =>
    expect(await leader(5).health.ready()).toMatchObject({
      status: 'ready',
      lag: 0,
      quarantined: 1,
    }));

  test('it is not ready when records wait and none is applied', async () =>
    expect(leader(9).health.ready()).rejects.toMatchObject({ details: { status: 503, code: 'not-ready', lag: 4 } }));

  test('it is ready when it makes progress, although it is behind', async () => {
    const { status, health } = leader(9);
    setTimeout(() => status.read(at(6)), 200);
    expect(await health.ready()).toMatchObject({ status: 'ready', lag: 4 });
  });

  test('it is not ready while the log does not answer, or before its position is known', async () => {
    const { status } = leader(5);
    const away = async () => Promise.reject(new LogError('log-unreachable'));
    const health = new HealthController(status, { bounds: away });
    await expect(health.ready()).rejects.toMatchObject({ details: { status: 503, code: 'not-ready' } });
    status.leads();
    await expect(health.ready()).rejects.toMatchObject({ details: { detail: 'The projector is starting.' } });
  });
});
