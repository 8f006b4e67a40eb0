import { storyStream, type DomainEvent } from '#domain';
import { arbitrate, commitId, emptyLog, encode, headOf, root, type Arbitration, type Headers } from '#event-log';
import { bytesOf, toBytes, type RawRecord } from './raw-record.js';

/** Headers as arbitration reads them: a repeated one is omitted. */
export function headersOf({ headers }: RawRecord): Headers {
  const named = Map.groupBy(headers, ([name]) => name);
  return Object.fromEntries(
    [...named].flatMap(([name, [first, ...more]]) => (more.length > 0 ? [] : [[name, bytesOf(first![1]).toString()]])),
  );
}

export const stateAfter = (records: readonly RawRecord[]): Arbitration =>
  records.reduce((state, record) => arbitrate(state, headersOf(record))[0], emptyLog);

/** Records that a topic may hold before a log begins in it. */
export const before: readonly RawRecord[] = [
  { key: null, headers: [], value: null },
  { key: 'story:a', headers: [['ce_id', 'x']], value: 'no commit' },
  ofNobody(root, 'story:a'),
];

function ofNobody(parent: string, stream: string, more: RawRecord['headers'] = []): RawRecord {
  const headers = [['ce_id', 'ab'.repeat(32)], ['ce_parent', parent], ['ce_subject', stream], ...more] as const;
  return { key: stream, headers, value: '{}' };
}

/** Records that must be void in this log: none of them may become its stream's head. */
export function voids(records: readonly RawRecord[]): RawRecord[] {
  const head = headOf(stateAfter(records), storyStream('acts')).id;
  const stream = storyStream('acts');
  const twice = ofNobody(head, stream, [['ce_parent', head]]);
  return [
    records.at(-1)!,
    records[before.length]!,
    ofNobody('cd'.repeat(32), stream),
    ofNobody(head, ''),
    twice,
    { ...ofNobody(head, stream), headers: ofNobody(head, stream).headers.slice(1) },
    { key: { base64: '/w==' }, headers: [['ce_id', { base64: '//8=' }]], value: { base64: '/wD/' } },
    { key: stream, headers: Array.from({ length: 50 }, (_, i) => [`h${i}`, String(i)] as const), value: null },
  ];
}

/** The next commit of a story, by another producer. */
export function next(records: readonly RawRecord[], story: string, events: readonly object[]): RawRecord {
  const stream = storyStream(story);
  const { id: parent, seq } = headOf(stateAfter(records), stream);
  const { headers, value } = encode({
    source: 'urn:elsewhere',
    stream,
    seq: seq + 1,
    parent,
    recorded: '2026-01-01T12:00:00.000Z',
    command: `strange-${records.length}`,
    commandHash: 'ef'.repeat(32),
    by: { id: 'stranger' },
    events: events as DomainEvent[],
  });
  return { key: stream, headers: Object.entries(headers).map(([name, text]) => [name, text!]), value: toBytes(value) };
}

/** The record with another value, and with the id that it then has. */
export const withValue = (record: RawRecord, value: string): RawRecord => {
  const id = commitId(headersOf(record), Buffer.from(value));
  return { ...record, value, headers: record.headers.map(([name, held]) => [name, name === 'ce_id' ? id : held]) };
};

/** Winners of which some no version of that time could read. Each is appended after the records before it. */
export function damage(records: readonly RawRecord[]): RawRecord[] {
  const found: RawRecord[] = [];
  const add = (make: (all: readonly RawRecord[]) => RawRecord) => void found.push(make([...records, ...found]));
  const opened = { type: 'StoryOpened', data: { title: 'Strange', zone: 'UTC' } };
  const closed = { type: 'StoryClosed', data: {} };
  const reopened = { type: 'StoryReopened', data: {} };
  // An id that does not match the bytes, and a valid commit after it.
  add(all => next(all, 'altered', [opened]));
  add(all => ({ ...next(all, 'altered', [closed]), value: '{"from":"the future"}' }));
  add(all => next(all, 'altered', [reopened]));
  // An event that only a later version knows.
  add(all => next(all, 'future', [opened]));
  add(all => withValue(next(all, 'future', [closed]), '{"by":{"id":"x"},"events":[{"data":{},"type":"StoryFrozen"}]}'));
  add(all => next(all, 'future', [reopened]));
  // Unexpected headers, on a readable commit and on an unreadable one.
  const odd: RawRecord['headers'] = [
    ['twice', '1'],
    ['twice', '2'],
    ['binary', { base64: '/wD+' }],
    ['empty', ''],
    ['constructor', 'c'],
    ['__proto__', 'p'],
    ['ünïcode', 'ß'],
  ];
  const oddly = (record: RawRecord) => ({ ...record, headers: [...record.headers, ...odd] });
  add(all => oddly(next(all, 'odd', [opened])));
  add(all => oddly(withValue(next(all, 'odd', [closed]), '{"by": {"id":"x"},"events":[]}')));
  // A stream with a name that no editor-api creates.
  add(all => next(all, 'x\u0000" ', [opened]));
  return found;
}
