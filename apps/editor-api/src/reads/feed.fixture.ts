import { digest, storyStream, type DomainEvent } from '#domain';
import { encode, headOf } from '#event-log';
import { emptyWriteModel } from '../commands/kept-model.js';
import { applyRecord, type WriteModel } from '../commands/write-model.js';

/** The model after one more commit. */
export function post(model: WriteModel, stream: string, command: string, ...events: DomainEvent[]): WriteModel {
  const head = headOf(model.arbitration, stream);
  const place = { stream, seq: head.seq + 1, parent: head.id, recorded: '2026-01-01T00:00:00.000Z' };
  const draft = { source: 'urn:test:log', ...place, command, commandHash: digest(events), by: { id: 'ed' }, events };
  return applyRecord(model, { offset: 0, ...encode(draft) });
}

/** A development, and the event that records it. */
export const pinned = '11111111-1111-4111-8111-111111111111';
export const note = {
  type: 'DevelopmentRecorded',
  data: {
    development: pinned,
    outline: { kind: 'context', standing: 'reported', conditions: [], digest: 'd'.repeat(64) },
    // The projection of the desk never unseals this payload.
    told: `eyJ9..${'i'.repeat(16)}.c.${'t'.repeat(22)}`,
  },
} satisfies DomainEvent;
const empty = post(emptyWriteModel, 'log', 'open-log', { type: 'LogOpened', data: { name: 'log' } });
/** The model of a log with one open story, `s`. */
export const opened = post(empty, storyStream('s'), 'a', { type: 'StoryOpened', data: { title: 'A', zone: 'UTC' } });
