import { digest, storyStream, type DomainEvent } from '#domain';
import { encode, headOf, type LogRecord, type NewRecord } from '#event-log';
import { mostSkewMs } from '#signatures';
import { describe, expect, test } from '@jest/globals';
import { Chains, resentForMs } from './chains.js';
import { emptyWriteModel } from './kept-model.js';
import { applyRecord, type WriteModel } from './write-model.js';

const recorded = '2026-01-01T00:00:00.000Z';
const later = '2026-01-01T00:01:00.000Z';

function recordAfter(model: WriteModel, stream: string, command: string, event: DomainEvent, at = recorded) {
  const { id: parent, seq } = headOf(model.arbitration, stream);
  const draft = { source: 'urn:test:log', stream, seq: seq + 1, parent, recorded: at, command, by: { id: 'ed' } };
  return encode({ ...draft, commandHash: digest(event), events: [event] });
}
const inLog = ({ headers, value }: NewRecord): LogRecord => ({ offset: 9, headers, value });

const story = storyStream('ours');
const opened = { type: 'StoryOpened', data: { title: 'A', zone: 'UTC' } } as const;
const begun = applyRecord(
  emptyWriteModel,
  inLog(recordAfter(emptyWriteModel, 'log', 'open', { type: 'LogOpened', data: { name: 'log' } })),
);
const first = recordAfter(begun, story, 'a', opened);

function chained() {
  const chains = new Chains(story);
  const link = chains.add('ed\na', first, begun, 9);
  const second = recordAfter(link.after, story, 'b', { type: 'StoryClosed', data: {} });
  chains.add('ed\nb', second, link.after, 9);
  return { chains, link, second };
}

describe('a chain', () => {
  test('gives the state after its next record as it was expected', () => {
    const { chains, link } = chained();
    expect(chains.apply(begun, inLog(first))).toBe(link.after);
  });

  test('has copies after the same head once it is in doubt, and only the one that the log has first wins', () => {
    for (const isCopy of [true, false]) {
      const { chains, link, second } = chained();
      expect([chains.addCopies(begun, 9, later), chains.isInDoubt]).toEqual([[], false]);
      chains.doubt(link);
      const copies = chains.addCopies(begun, 9, later);
      expect(copies.map(({ own, record }) => [own, record.headers.ce_time])).toEqual([
        ['ed\na', later],
        ['ed\nb', later],
      ]);
      expect([chains.size, chains.isInDoubt, chains.last]).toEqual([4, true, copies[1]]);
      const [winner, next] = isCopy ? copies.map(({ record }) => record) : [first, second];
      const after = chains.apply(begun, inLog(winner!));
      // The other chain can no longer win. No other process was faster.
      expect(chains.read(winner!.id, after)).toHaveLength(3);
      expect([chains.losses, chains.isInDoubt]).toEqual([0, true]);
      const end = chains.apply(after, inLog(next!));
      expect(chains.read(next!.id, end)).toHaveLength(1);
      expect([end.recent.get(story)?.map(({ command }) => command), chains.size]).toEqual([['a', 'b'], 0]);
      expect(chains.isInDoubt).toBe(false);
    }
  });

  test('has copies of copies that have not settled either, as often as needed', () => {
    const { chains, link } = chained();
    chains.doubt(link);
    for (let copies = 1; copies < 4; copies++) {
      expect(chains.addCopies(begun, 9, later)).toHaveLength(2);
      expect(chains.addCopies(begun, 9, later)).toEqual([]);
      chains.doubtCopies();
    }
    expect(chains.size).toBe(8);
  });

  test.each([
    ['it is too old', new Date(Date.parse(recorded) + resentForMs + 1).toISOString()],
    ['the clock was put back', new Date(Date.parse(recorded) - 1).toISOString()],
  ])('has no copies where %s', (_, now) => {
    const { chains, link } = chained();
    chains.doubt(link);
    expect([chains.addCopies(begun, 9, now), chains.isInDoubt]).toEqual([[], true]);
    expect(resentForMs).toBeLessThan(mostSkewMs);
  });

  test('has copies although an older chain is too old', () => {
    const { chains, link } = chained();
    chains.doubt(link);
    const now = new Date(Date.parse(recorded) + resentForMs + 1).toISOString();
    const young = recordAfter(begun, story, 'c', opened, later);
    chains.doubt(chains.add('ed\nc', young, begun, 9));
    expect(chains.addCopies(begun, 9, now).map(({ own }) => own)).toEqual(['ed\nc']);
  });

  test('keeps the copies that were not sent where those before them were', () => {
    const { chains, link } = chained();
    chains.doubt(link);
    const copies = chains.addCopies(begun, 9, later);
    expect(chains.notSent(copies.slice(1))).toEqual([]);
    expect([chains.size, chains.last]).toEqual([4, undefined]);
    const [first, second] = chains.addCopies(begun, 9, later);
    expect(chains.notSent([first!, second!])).toEqual([first, second]);
    expect(chains.size).toBe(4);
  });

  test('has copies up to the first record whose key has won on another stream', () => {
    const { chains, link } = chained();
    chains.doubt(link);
    const elsewhere = applyRecord(begun, inLog(recordAfter(begun, storyStream('other'), 'b', opened)));
    expect(chains.addCopies(elsewhere, 9, later).map(({ own }) => own)).toEqual(['ed\na']);
  });

  test('gives the same state as any reader of the log, where other commits came first', () => {
    const { chains, second } = chained();
    const other = inLog(recordAfter(begun, storyStream('other'), 'c', opened));
    const settled = applyRecord(begun, other);
    const after = chains.apply(settled, inLog(first));
    expect(after).toEqual(applyRecord(settled, inLog(first)));
    chains.read(first.id, after);
    expect(chains.tip(after, 10)).toEqual(applyRecord(after, { ...inLog(second), offset: 10 }));
    expect(chains.apply(after, inLog(second))).toEqual(applyRecord(after, inLog(second)));
  });

  test('is not applied to the state that it was decided on, where it settles on another one', () => {
    const chains = new Chains(story);
    const unread = new Proxy(begun, {
      get: () => {
        throw new Error('The state that the record was decided on was read again.');
      },
    });
    chains.add('ed\na', first, unread, 9);
    const settled = applyRecord(begun, inLog(recordAfter(begun, storyStream('other'), 'c', opened)));
    const after = chains.apply(settled, inLog(first));
    expect(after).toEqual(applyRecord(settled, inLog(first)));
    expect(chains.read(first.id, after)).toHaveLength(1);
  });

  test('reads a record that has the id of its own, and other bytes, as any reader does', () => {
    const { chains } = chained();
    const forged = [
      { ...inLog(first), value: Buffer.from(Buffer.from(first.value).toString().replace('"A"', '"B"')) },
      { ...inLog(first), headers: { ...first.headers, ce_time: '2026-01-02T00:00:00.000Z' } },
      { ...inLog(first), headers: { ...first.headers, more: 'x', ce_commandhash: undefined } },
    ];
    for (const record of forged) {
      const after = chains.apply(begun, record);
      expect(after.unreadable.get(story)).toMatch(/does not match these bytes/);
      expect(after).toEqual(applyRecord(begun, record));
    }
  });
});
