import { digest, storyStream, type DomainEvent } from '#domain';
import { encode, headOf, root, type NewRecord } from '#event-log';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { emptyWriteModel } from './kept-model.js';
import { applyRecord, commitsSince, ownKey, remember, type CommitSummary, type WriteModel } from './write-model.js';

const opened = (title = 'A'): DomainEvent => ({ type: 'StoryOpened', data: { title, zone: 'UTC' } });
const closed: DomainEvent = { type: 'StoryClosed', data: {} };
const actor = (name: string): DomainEvent => ({
  type: 'ActorRegistered',
  data: { name, kind: 'person', aliases: [], affiliations: [] },
});

function record(model: WriteModel, stream: string, command: string, events: DomainEvent[]): NewRecord & { id: string } {
  const head = headOf(model.arbitration, stream);
  return encode({
    source: 'urn:test:log',
    stream,
    seq: head.seq + 1,
    parent: head.id,
    recorded: '2026-01-01T00:00:00.000Z',
    command,
    commandHash: digest(events),
    by: { id: 'ed' },
    events,
  });
}

const see = (model: WriteModel, { headers, value }: NewRecord) => applyRecord(model, { offset: 0, headers, value });
const post = (model: WriteModel, stream: string, command: string, ...events: DomainEvent[]) =>
  see(model, record(model, stream, command, events));

const empty = post(emptyWriteModel, 'log', 'open-log', { type: 'LogOpened', data: { name: 'log' } });
const story = storyStream('s');

describe('the write model', () => {
  test('it contains the log’s stories, actors and names', () => {
    const model = post(post(empty, 'actor:ada', 'a', actor('Ada')), story, 'b', opened());
    expect(model.stories.get('s')).toMatchObject({ status: 'open', header: { words: { title: 'A' } } });
    expect(model.actors.get('ada')).toMatchObject({ name: 'Ada' });
    expect(model.directory.ids.get('ada')?.toArray()).toEqual(['ada']);
    expect(model.arbitration.position).toBe(3);
    expect(headOf(emptyWriteModel.arbitration, 'log').id).toBe(root);
  });

  test('it ignores a void record', () => {
    const model = post(empty, story, 'b', opened());
    const late = record(empty, story, 'c', [closed]);
    expect(see(model, late)).toBe(model);
    expect(see(model, record(empty, story, 'b', [opened()]))).toBe(model);
  });

  test('it keeps the first commit of a key, and the effects of both commits', () => {
    const first = post(empty, story, 'k', opened());
    const second = post(first, storyStream('t'), 'k', opened('B'));
    const own = ownKey('ed', 'k');
    expect(first.commands.get(own)).toMatchObject({ stream: story });
    expect(second.commands.get(own)).toStrictEqual(first.commands.get(own));
    expect(second.stories.get('t')).toMatchObject({ status: 'open' });
  });

  test('it permanently quarantines the stream of an unreadable winner, and no other stream', () => {
    const good = record(empty, story, 'b', [opened()]);
    const broken = see(empty, { ...good, value: Buffer.from('{}') });
    expect(broken.unreadable.get(story)).toMatch(/altered or forged/);
    expect(headOf(broken.arbitration, story)).toEqual({ id: good.id, seq: 1 });
    const later = post(post(broken, story, 'c', closed), storyStream('t'), 'd', opened());
    expect(later.stories.records.keysAfter('', 10)).toEqual(['t']);
    expect(later.commands.has(ownKey('ed', 'c'))).toBe(false);
    expect(later.arbitration.position).toBe(4);
  });

  test('it accepts any record without an error', () => {
    const headers = fc.dictionary(
      fc.constantFrom('ce_id', 'ce_subject', 'ce_parent', 'ce_seq', 'ce_time', 'ce_command', 'ce_type', 'constructor'),
      fc.oneof(fc.string(), fc.constantFrom('story:s', 'log', 'f'.repeat(64), empty.arbitration.genesis!)),
    );
    fc.assert(
      fc.property(headers, fc.uint8Array({ maxLength: 40 }), (headers, value) => {
        const model = applyRecord(empty, { offset: 1, headers, value });
        expect(model.stories).toBe(empty.stories);
        expect(model.commands).toBe(empty.commands);
      }),
    );
  });

  test('it lists a stream’s commits after a head, up to 50', () => {
    let model = post(empty, story, 'c0', opened());
    const heads = [headOf(model.arbitration, story).id];
    for (let number = 1; number <= 60; number++) {
      model = post(model, story, `c${number}`, number % 2 ? closed : { type: 'StoryReopened', data: {} });
      heads.push(headOf(model.arbitration, story).id);
    }
    expect(commitsSince(model, story, heads[58]!)?.map(c => c.command)).toEqual(['c59', 'c60']);
    expect(commitsSince(model, story, heads[10]!)).toHaveLength(50);
    expect(commitsSince(model, story, heads[9]!)).toBeUndefined();
    expect(commitsSince(model, story, heads[60]!)).toBeUndefined();
  });
});

const at = (position: number) => ({ position }) as CommitSummary;
const after = (count: number, kept: number) => {
  let model: Pick<WriteModel, 'commands' | 'blocks'> = emptyWriteModel;
  for (let position = 1; position <= count; position++) model = remember(model, `key-${position}`, at(position), kept);
  return model;
};
const isKept = ({ commands }: Pick<WriteModel, 'commands'>, position: number) => commands.has(`key-${position}`);

test('commands are remembered up to the bound and one block more, and then the oldest block is forgotten', () => {
  const full = after(2_999, 2_000);
  expect([isKept(full, 499), isKept(full, 500)]).toEqual([false, true]);
  const past = remember(full, 'key-3000', at(3_000), 2_000);
  expect([isKept(past, 999), isKept(past, 1_000), isKept(past, 3_000)]).toEqual([false, true, true]);
  expect(past.blocks.oldest).toBe(2);
  expect(past.blocks.keys.has('1')).toBe(false);
});

test('blocks without a new key do not keep older ones', () => {
  const far = remember(after(600, 1_000), 'far', at(100_000), 1_000);
  expect([isKept(far, 1), isKept(far, 600), far.commands.has('far')]).toEqual([false, false, true]);
});

test('a key means its first command, and can be used again once it is forgotten', () => {
  expect(remember(after(50, 1_000), 'key-7', at(51), 1_000).commands.get('key-7')).toEqual(at(7));
  expect(remember(after(1_500, 1_000), 'key-7', at(1_501), 1_000).commands.get('key-7')).toEqual(at(1_501));
});
