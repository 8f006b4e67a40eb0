import type { Pool } from '#postgres';
import { liveBuild, buildsMade, type Checkpoint } from '#projections';
import { Gauge, type Registry } from 'prom-client';
import type { Status } from '../loop/status.js';
import { once } from './metrics.js';

interface Made {
  readonly build: Checkpoint;
  /** The next offset of the live build. */
  readonly end: number;
}

/**
 * Reports the progress of each candidate build, made by `audit rebuild` or by a projector of another version. The leader reads it from the
 * builds' checkpoints, so that a build without a running process is seen not to move.
 */
export function watchBuilds(status: Status, pool: Pool, registry: Registry): void {
  const made = once(async (): Promise<Made[]> => {
    if (status.role !== 'leader') return [];
    // While Postgres is away this gauge is empty: Postgres has its own alerts.
    const [live, builds] = await Promise.all([liveBuild(pool), buildsMade(pool)]).catch(() => [undefined, []] as const);
    return live ? builds.map(build => ({ build, end: Math.max(live.next_offset, build.next_offset) })) : [];
  });
  const gauge = (name: string, help: string, value: (made: Made) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['build'],
      registers: [registry],
      async collect() {
        const all = await made();
        this.reset();
        for (const one of all) this.set({ build: one.build.name }, value(one));
      },
    });
  gauge(
    'dateline_rebuild_progress_ratio',
    'Progress of a build that is made beside the live one, as a share of the live build’s records.',
    ({ build, end }) => (end === 0 ? 1 : build.next_offset / end),
  );
  gauge('dateline_rebuild_folded_records', 'Records that the build has applied.', ({ build }) => build.next_offset);
  gauge(
    'dateline_rebuild_lag_records',
    'Records that the live build has applied and this one has not.',
    ({ build, end }) => end - build.next_offset,
  );
}
