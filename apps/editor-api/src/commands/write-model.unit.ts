import { digest, storyStream, type DomainEvent } from '#domain';
import { encode, headOf, root, type NewRecord } from '#event-log';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Map as Dictionary } from 'immutable';
import { applyRecord, commitsSince, emptyWriteModel, ownKey, remember, type WriteModel } from './write-model.js';

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
  test('contains the log’s stories, actors and names', () => {
    const model = post(post(empty, 'actor:ada', 'a', actor('Ada')), story, 'b', opened());
    expect(model.stories.get('s')).toMatchObject({ status: 'open', profile: { title: 'A' } });
    expect(model.actors.get('ada')).toMatchObject({ name: 'Ada' });
    expect(model.directory.ids.get('ada')?.toArray()).toEqual(['ada']);
    expect(model.arbitration.position).toBe(3);
    expect(headOf(emptyWriteModel.arbitration, 'log').id).toBe(root);
  });

  test('ignores a void record', () => {
    const model = post(empty, story, 'b', opened());
    const late = record(empty, story, 'c', [closed]);
    expect(see(model, late)).toBe(model);
    expect(see(model, record(empty, story, 'b', [opened()]))).toBe(model);
  });

  test('keeps the first commit of a key, and the effects of both', () => {
    const first = post(empty, story, 'k', opened());
    const second = post(first, storyStream('t'), 'k', opened('B'));
    const own = ownKey('ed', 'k');
    expect(first.commands.get(own)).toMatchObject({ stream: story });
    expect(second.commands.get(own)).toBe(first.commands.get(own));
    expect(second.stories.get('t')).toMatchObject({ status: 'open' });
  });

  test('permanently quarantines the stream of an unreadable winner, and no other', () => {
    const good = record(empty, story, 'b', [opened()]);
    const broken = see(empty, { ...good, value: Buffer.from('{}') });
    expect(broken.unreadable.get(story)).toMatch(/altered or forged/);
    expect(headOf(broken.arbitration, story)).toEqual({ id: good.id, seq: 1 });
    const later = post(post(broken, story, 'c', closed), storyStream('t'), 'd', opened());
    expect(later.stories.keySeq().toArray()).toEqual(['t']);
    expect(later.commands.has(ownKey('ed', 'c'))).toBe(false);
    expect(later.arbitration.position).toBe(4);
  });

  test('accepts every record', () => {
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

  test('lists a stream’s commits after a head, up to 50', () => {
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

const after = (count: number) => {
  let commands = Dictionary<string, { position: number }>();
  for (let position = 1; position <= count; position++)
    commands = remember(commands, `key-${position}`, { position }, 100);
  return commands;
};

test('commands are remembered up to the bound and a tenth more; past it the latest are kept', () => {
  expect(after(110).size).toBe(110);
  const past = after(111);
  expect(past.size).toBe(100);
  expect([past.has('key-11'), past.has('key-12'), past.has('key-111')]).toEqual([false, true, true]);
  expect(after(1_000).size).toBeLessThanOrEqual(110);
});

test('a key means its first command, and can be used again once it is forgotten', () => {
  expect(remember(after(50), 'key-7', { position: 51 }, 100).get('key-7')).toEqual({ position: 7 });
  expect(remember(after(111), 'key-7', { position: 112 }, 100).get('key-7')).toEqual({ position: 112 });
});
