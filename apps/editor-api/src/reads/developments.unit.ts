import { digest, storyStream, type DomainEvent } from '#domain';
import { encode, headOf } from '#event-log';
import { expect, test } from '@jest/globals';
import { emptyWriteModel } from '../commands/kept-model.js';
import { applyRecord, type WriteModel } from '../commands/write-model.js';
import { lookedThrough, unclassifiedOf } from './developments.js';

function post(model: WriteModel, stream: string, ...events: DomainEvent[]): WriteModel {
  const head = headOf(model.arbitration, stream);
  const place = { stream, seq: head.seq + 1, parent: head.id, recorded: '2026-01-01T00:00:00.000Z' };
  const draft = { source: 'urn:test:log', ...place, command: stream, commandHash: digest(events), by: { id: 'ed' } };
  return applyRecord(model, { offset: 0, ...encode({ ...draft, events }) });
}

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const recorded = (n: number, kind: string): DomainEvent => ({
  type: 'DevelopmentRecorded',
  data: {
    development: idOf(n),
    outline: { kind, standing: 'reported', conditions: [], digest: 'd'.repeat(64) },
    told: `eyJ9..${'i'.repeat(16)}.c.${'t'.repeat(22)}`,
  },
});

test('a page examines a limited number of developments for unclassified ones, and the next page continues', () => {
  const log = post(emptyWriteModel, 'log', { type: 'LogOpened', data: { name: 'log' } });
  const opened: DomainEvent = { type: 'StoryOpened', data: { title: 'A', zone: 'UTC' } };
  const others = Array.from({ length: lookedThrough - 1 }, (_, n) => recorded(n + 2, 'context'));
  const model = post(log, storyStream('s'), opened, recorded(0, 'update'), recorded(1, 'update'), ...others);
  const first = unclassifiedOf(model, 's', { limit: 500, cursor: undefined }, { id: 'ed', roles: ['editor'] })!;
  expect(first.developments.map(({ id }) => id)).toEqual([idOf(1)]);
  expect(first.next).toMatch(/^\/stories\/s\/unclassified\?limit=500&cursor=/);
  const second = unclassifiedOf(
    model,
    's',
    { limit: 500, cursor: ['unclassified', idOf(1)] },
    { id: 'ed', roles: ['editor'] },
  )!;
  expect([second.developments.map(({ id }) => id), second.next]).toEqual([[idOf(0)], null]);
});
