import type { BatchAppender, LogReader } from '#event-log';
import type { KeyStore } from '#keys';
import { traceparent, tracer } from '#platform';
import { SpanKind } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Counter, Histogram } from 'prom-client';
import type { Place, Turn } from '../commands/outbox.js';
import type { KeptState } from '../commands/kept-state.js';
import { CommandProcessor } from '../commands/processor.js';
import type { Outcome, Submission } from '../commands/submission.js';
import type { WriteModel } from '../commands/write-model.js';

/** The logger, metrics and tracer of a processor. */
export interface Instruments {
  readonly settle: Histogram<'outcome'>;
  readonly commands: Counter<'outcome'>;
  readonly log: Pick<Logger, 'info'>;
}

/** The result of a command for logs and traces: its commit, or the code of its refusal. */
function cameOf(outcome: Outcome): { commit?: string; position?: number; code?: string } {
  if (outcome.outcome === 'won') return { commit: outcome.commit.id, position: outcome.commit.position };
  return outcome.outcome === 'refused' ? { code: outcome.refusal.refused } : {};
}

/** A processor that times, logs and traces every command, and stores the request's trace with the record. */
export class ObservedProcessor extends CommandProcessor {
  constructor(
    private readonly watching: Instruments,
    source: string,
    settleTimeoutMs: number,
    reader: LogReader,
    appender: BatchAppender,
    keys: KeyStore,
    kept?: KeptState,
  ) {
    super(source, settleTimeoutMs, reader, appender, keys, kept);
  }

  override submit(submission: Submission): Promise<Outcome> {
    const { settle, commands, log } = this.watching;
    const { command, stream, does } = submission;
    const by = submission.by.id;
    return tracer().startActiveSpan('settle', { attributes: { command, stream } }, async span => {
      const took = settle.startTimer();
      try {
        const outcome = await super.submit(submission);
        const { outcome: is } = outcome;
        const seconds = took({ outcome: is });
        commands.inc({ outcome: is });
        const came = cameOf(outcome);
        log.info({ by, does, command, stream, outcome: is, ...came, seconds }, 'command settled');
        span.setAttributes({ outcome: is, ...came });
        return outcome;
      } finally {
        span.end();
      }
    });
  }

  /** Adds the trace as CloudEvents' `traceparent`, which the commit's id does not cover. */
  override turn({ decide, ...turn }: Turn, timeoutMs: number): Promise<Place> {
    return tracer().startActiveSpan('append', { kind: SpanKind.PRODUCER }, async span => {
      const parent = traceparent();
      const traced = (tip: WriteModel) => {
        const record = decide(tip);
        return record && parent ? { ...record, headers: { ...record.headers, ce_traceparent: parent } } : record;
      };
      try {
        const place = await super.turn({ ...turn, decide: parent ? traced : decide }, timeoutMs);
        if (place.turn === 'sending') void place.sent.then(outcome => span.setAttribute('outcome', outcome).end());
        else span.setAttribute('outcome', place.turn).end();
        return place;
      } catch (error) {
        span.end();
        throw error;
      }
    });
  }
}
