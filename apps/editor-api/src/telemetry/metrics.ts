import { gaugesOf } from '#platform';
import { Counter, Histogram, type Registry } from 'prom-client';
import { changesIn } from '../commands/kept-state.js';
import type { CommandProcessor } from '../commands/processor.js';

/** Counters and durations of settled commands. */
export const commandMetrics = (registry: Registry) => ({
  settle: new Histogram({
    name: 'dateline_settle_seconds',
    help: 'Time from a command to its outcome: won, already-so, refused, key-taken, conflict, pending or unavailable.',
    labelNames: ['outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  }),
  commands: new Counter({
    name: 'dateline_commands_total',
    help: 'Commands by their outcome.',
    labelNames: ['outcome'],
    registers: [registry],
  }),
});

/** Registers gauges of the processor's view of the log. Each is read at scrape time. */
export function watchDesk(processor: CommandProcessor, registry: Registry): void {
  const gauge = gaugesOf(registry);
  gauge(
    'dateline_log_position',
    'Committed records that this process has read from the log.',
    () => processor.view().arbitration.position,
  );
  gauge(
    'dateline_quarantined_streams',
    'Streams quarantined: this version cannot decode a committed record.',
    () => processor.view().unreadable.size,
  );
  gauge(
    'dateline_state_unwritten',
    'Changes of the state that are not on disk yet. It grows while the disk is full.',
    () => changesIn(processor.view()),
  );
  let counted = 0;
  new Counter({
    name: 'dateline_void_records_total',
    help: 'Rejected records: late, duplicate or lost in a race.',
    registers: [registry],
    collect() {
      const voids = processor.recordsRead - processor.view().arbitration.position;
      // A state that is read again from the log begins at zero.
      this.inc(Math.max(0, voids - counted));
      counted = Math.max(counted, voids);
    },
  });
}
