import { canonicalJson, DomainEvent } from '#domain';
import { describe, expect, jest, test } from '@jest/globals';
import { Kafka, type KafkaEvent } from 'cloudevents';
import fc from 'fast-check';
import { z } from 'zod';
import { growth, proportional } from '../../../test/harness/growth.js';
import { arbitrate, emptyLog, logStream, root, type Headers, type Verdict } from './arbitrate.js';
import type { NewRecord } from './port.js';
import { commitId, copyOf, decode, encode, RecordValue, type Draft } from './record.js';

const opening: Draft = {
  source: 'dateline.test',
  stream: logStream,
  seq: 1,
  parent: root,
  recorded: '2026-01-31T18:00:00.123Z',
  command: '0b0f6c1e-8f0e-4c55-9d0e-000000000001',
  commandHash: 'f'.repeat(64),
  by: { id: 'desk', name: 'The Desk' },
  events: [{ type: 'LogOpened', data: { name: 'dateline.test' } }],
};

const outline = { kind: 'context', standing: 'confirmed', conditions: [], digest: 'd'.repeat(64) } as const;
// Stands in for sealed text, which is opaque here.
const sealed = (told: string) => `eyJ9..${'i'.repeat(16)}.${Buffer.from(told).toString('base64url')}.${'t'.repeat(22)}`;
const reporting = (headline: string): Draft => ({
  ...opening,
  stream: 'story:a',
  parent: encode(opening).id,
  events: [
    {
      type: 'DevelopmentRecorded',
      data: { development: '0b0f6c1e-8f0e-4c55-9d0e-000000000002', outline, told: sealed(headline) },
    } as unknown as Draft['events'][number],
  ],
});

/** Drafts with arbitrary text in the free fields. */
const line = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter(text => /\S/.test(text) && !/[\r\n\0]/.test(text) && text.isWellFormed());
const drafts = fc.oneof(
  line.map(reporting),
  fc
    .record({
      name: line,
      command: fc.uuid(),
      at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
    })
    .map(({ name, command, at }): Draft => ({
      ...opening,
      command,
      recorded: at.toISOString(),
      events: [{ type: 'LogOpened', data: { name } }],
    })),
);

function verdictOn({ headers }: NewRecord): Verdict & { won: true } {
  const [afterOpening, first] = arbitrate(emptyLog, encode(opening).headers);
  const verdict =
    headers.ce_subject === logStream ? arbitrate(emptyLog, headers)[1] : arbitrate(afterOpening, headers)[1];
  if (!first.won || !verdict.won) throw new Error('The record should win.');
  return verdict;
}
const read = (record: NewRecord, changed: { headers?: Headers; value?: Uint8Array } = {}) =>
  decode({ ...record.headers, ...changed.headers }, changed.value ?? record.value, verdictOn(record));

describe('a commit’s record', () => {
  test('the same draft gives the same record in any order of its keys', () => {
    fc.assert(
      fc.property(drafts, draft => {
        const turned = JSON.parse(JSON.stringify(draft), (_, value) =>
          value && typeof value === 'object' && !Array.isArray(value)
            ? Object.fromEntries(Object.entries(value).reverse())
            : value,
        ) as Draft;
        expect(encode(turned)).toEqual(encode(draft));
      }),
    );
  });

  test('a record that is read gives the commit that was written', () => {
    fc.assert(
      fc.property(drafts, draft => {
        const record = encode(draft);
        const { id, seq, position } = verdictOn(record);
        const { stream, parent, recorded, command, by, events } = draft;
        expect(read(record)).toEqual({ commit: { id, stream, seq, position, parent, recorded, command, by, events } });
      }),
    );
  });

  test("the record's key is the stream, and the record of a development has its kind as a header", () => {
    expect(encode(reporting('x'))).toMatchObject({ key: 'story:a', headers: { ce_kind: 'context', ce_seq: '1' } });
    expect(encode(opening).headers).not.toHaveProperty('ce_kind');
  });

  test("a change of any field of the draft changes the record's id", () => {
    const changes: Partial<Draft>[] = [
      { source: 'other' },
      { stream: 'story:b' },
      { seq: 2 },
      { parent: 'a'.repeat(64) },
      { recorded: '2026-01-31T18:00:00.124Z' },
      { command: 'other' },
      { commandHash: 'e'.repeat(64) },
      { by: { id: 'someone' } },
      { events: [...reporting('x').events, ...reporting('x').events] },
    ];
    const ids = [{}, ...changes].map(change => encode({ ...reporting('x'), ...change }).id);
    expect(new Set(ids).size).toBe(changes.length + 1);
  });

  test('a copy is the record of the same commit at that time and after that parent', () => {
    const parent = 'a'.repeat(64);
    const recorded = '2026-02-01T00:00:00.000Z';
    const draft = { ...reporting('The ferry is late.'), signed: { certificate: 'a.b.c', command: 'd.e.f' } };
    expect(copyOf(encode(draft), parent, recorded)).toEqual(encode({ ...draft, parent, recorded }));
  });

  test('a draft without events throws', () => {
    expect(() => encode({ ...opening, events: [] })).toThrow(TypeError);
  });
});

describe('decoding a faulty record', () => {
  test('a record with one bit of its value changed is unreadable', () => {
    const record = encode(reporting('Ein Kopf'));
    fc.assert(
      fc.property(fc.nat(record.value.length - 1), fc.nat(7), (at, bit) => {
        const value = Uint8Array.from(record.value);
        value[at]! ^= 1 << bit;
        expect(read(record, { value })).toHaveProperty('unreadable');
      }),
    );
  });

  const covered = ['source', 'type', 'subject', 'time', 'parent', 'seq', 'command', 'commandhash', 'kind'];
  test.each(covered)('a record whose attribute %s was altered or left out is unreadable', attribute => {
    const [name, record] = [`ce_${attribute}`, encode(reporting('x'))];
    expect(record.headers).toHaveProperty(name);
    expect(read(record, { headers: { [name]: `${record.headers[name]} ` } })).toHaveProperty('unreadable');
    expect(read(record, { headers: { [name]: undefined } })).toHaveProperty('unreadable');
  });

  /** The record as a forger or a later version would write it, with an id that matches its content. */
  const resealed = (record: NewRecord, value: string | Uint8Array, headers: Headers = {}): NewRecord => {
    const bytes = Buffer.from(value);
    const unsealed = { ...record.headers, ...headers };
    return { ...record, headers: { ...unsealed, ce_id: commitId(unsealed, bytes) }, value: bytes };
  };

  test.each([
    ['an unknown event type', '{"by":{"id":"desk"},"events":[{"type":"StoryMelted","data":{}}]}'],
    [
      'a known event type with unknown data',
      '{"by":{"id":"desk"},"events":[{"type":"StoryClosed","data":{"more":1}}]}',
    ],
    ['no events', '{"by":{"id":"desk"},"events":[]}'],
    ['no author', '{"events":[{"type":"StoryClosed","data":{}}]}'],
    ['a value that is no JSON', '{"by":'],
    [
      'a text that is no UTF-8',
      Buffer.from('{"by":{"id":"\xff"},"events":[{"type":"StoryClosed","data":{}}]}', 'latin1'),
    ],
    ['an empty value', ''],
  ])('a record with %s is unreadable', (_, value) => {
    const forged = resealed(encode(reporting('x')), value);
    expect(read(forged)).toHaveProperty('unreadable');
  });

  // Bytes that two parsers may read differently, as Node 24's JSON.parse does (nodejs/node#63785).
  test.each([
    ['spaces', '{"by": {"id":"desk"},"events":[{"data":{"name":"x"},"type":"LogOpened"}]}'],
    ['keys in another order', '{"events":[{"data":{"name":"x"},"type":"LogOpened"}],"by":{"id":"desk"}}'],
    ['a key twice', '{"by":{"id":"desk"},"events":[{"data":{"name":"y","name":"x"},"type":"LogOpened"}]}'],
    ['a key that is escaped', '{"by":{"i\\u0064":"desk"},"events":[{"data":{"name":"x"},"type":"LogOpened"}]}'],
    ['a text that is escaped', '{"by":{"id":"desk"},"events":[{"data":{"name":"\\u0078"},"type":"LogOpened"}]}'],
    ['a byte order mark', '\uFEFF{"by":{"id":"desk"},"events":[{"data":{"name":"x"},"type":"LogOpened"}]}'],
  ])('a record whose value is no canonical JSON is unreadable: %s', (_, value) => {
    const canonical = '{"by":{"id":"desk"},"events":[{"data":{"name":"x"},"type":"LogOpened"}]}';
    const opened = encode(opening);
    expect(read(resealed(opened, canonical))).toHaveProperty('commit');
    expect(read(resealed(opened, value))).toMatchObject({ unreadable: expect.stringContaining('canonical') });
  });

  const closed = { data: {}, type: 'StoryClosed' };
  const frozen = { data: {}, type: 'StoryFrozen' };
  const holding = (events: readonly object[]) =>
    resealed(encode(reporting('x')), canonicalJson({ by: { id: 'desk' }, events }));

  test('the reason of an unreadable record is about its first unreadable event only', () => {
    const { error } = RecordValue.safeParse({ by: { id: 'desk' }, events: [closed, frozen] });
    const reason = `This version does not know the events’ schema: ${z.prettifyError(error!)}`.slice(0, 1_000);
    expect(read(holding([closed, frozen]))).toEqual({ unreadable: reason });
    expect(read(holding([closed, frozen, frozen, closed]))).toEqual({ unreadable: reason });
  });

  test('no event after the first unreadable one is checked', () => {
    const looks = jest.spyOn(DomainEvent, 'safeParse');
    const record = holding(Array.from({ length: 10_000 }, () => frozen));
    expect(read(record)).toHaveProperty('unreadable');
    expect(looks).toHaveBeenCalledTimes(1);
    looks.mockRestore();
  });

  test('the time to decode a faulty record grows in proportion to its size', () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => at);
    const values: ((count: number) => object[])[] = [
      count => many(count).map(() => ({})),
      count => [{ ...closed, data: Object.fromEntries(many(count).map(at => [`k${at}`, at])) }],
    ];
    for (const value of values) {
      const reading = (count: number) => {
        const record = holding(value(count));
        return () => read(record);
      };
      expect(growth(reading, 1_000)).toBeLessThan(proportional);
    }
  });

  test('a record with an event that belongs in another type of stream is unreadable', () => {
    expect(read(holding([closed]))).toHaveProperty('commit');
    expect(read(holding([{ type: 'LogOpened', data: { name: 'x' } }]))).toMatchObject({
      unreadable: expect.stringContaining('does not belong'),
    });
    const registered = { type: 'ActorRegistered', data: { name: 'X', kind: 'person' } };
    expect(read(holding([registered]))).toHaveProperty('unreadable');
  });

  test.each([
    ['a wrong stream version', { ce_seq: '7' }],
    ['no time', { ce_time: undefined }],
    ['a malformed time', { ce_time: 'yesterday' }],
    ['a time in another form', { ce_time: '2026-01-31T18:00:00Z' }],
    ['a time with a character after it', { ce_time: '2026-01-31T18:00:00.000Z\0' }],
    ['no command', { ce_command: undefined }],
  ])('a record with %s is unreadable', (_, headers) => {
    const record = encode(reporting('x'));
    expect(read(resealed(record, record.value, headers))).toHaveProperty('unreadable');
  });

  test('a record with random headers and a random value is unreadable and does not throw', () => {
    const verdict = verdictOn(encode(opening));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.uint8Array(), (headers, value) => {
        expect(decode(headers, value, verdict)).toHaveProperty('unreadable');
      }),
    );
  });
});

test('the CloudEvents library reads the record as an event with our attributes', () => {
  const { id, headers, value } = encode(reporting('x'));
  const present = Object.entries(headers).filter(([, text]) => text !== undefined);
  const message = { headers: Object.fromEntries(present), value: Buffer.from(value).toString() };
  expect(Kafka.isEvent(message as never)).toBe(true);
  const event = Kafka.toEvent(message as never) as KafkaEvent<unknown>;
  expect(event).toMatchObject({
    id,
    specversion: '1.0',
    type: 'dateline.DevelopmentRecorded',
    source: 'dateline.test',
    subject: 'story:a',
    datacontenttype: 'application/json',
    parent: encode(opening).id,
    kind: 'context',
  });
  expect(event.data).toMatchObject({ events: [{ type: 'DevelopmentRecorded' }] });
});
