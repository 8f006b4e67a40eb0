import { actorStream, registerActor, storyStream, noActor, type ActorEvent, type OpaqueEvent } from '#domain';
import { commitId, type LogRecord } from '#event-log';
import { describe, expect, test } from '@jest/globals';
import { id, said, secrets, source, story, withContent, writing, Writing } from '../newsroom.fixture.js';
import { examineAll, unseen, type Examined } from './examine.js';

const keysOf = async (developments: Iterable<string>) =>
  new Map([...developments].map(development => [development, { secret: secrets.get(development) }]));
const look = (records: readonly LogRecord[]): Promise<Examined> => examineAll(unseen, records, { keysOf });
/** The first fault. */
const firstIn = async (records: readonly LogRecord[]) => (await look(records)).first;
const whole = writing().read();
const stream = storyStream(story);

/** Changes one record of the log, by default with a matching id. */
function withRecord(offset: number, change: (record: LogRecord) => Partial<LogRecord>, covered = true): LogRecord[] {
  return whole.map(record => {
    if (record.offset !== offset) return record;
    const changed = { ...record, ...change(record) };
    const ce_id = covered ? commitId(changed.headers, changed.value) : record.headers.ce_id;
    return { ...changed, headers: { ...changed.headers, ce_id } };
  });
}
const last = whole.length - 1;
const header = (name: string, value: string | undefined) => (record: LogRecord) => ({
  headers: { ...record.headers, [name]: value },
});
const forged = (...events: OpaqueEvent[]) => look(writing().append(stream, events).read());
const forgedFirst = async (...events: OpaqueEvent[]) => (await forged(...events)).first;

describe('examining a log that only editors wrote', () => {
  test('there are no faults, and void records are not counted as winners', async () => {
    const { first, faults, records, winners, unchecked } = await look(whole);
    expect({ first, faults, unchecked }).toEqual({ first: undefined, faults: 0, unchecked: undefined });
    expect([records, winners]).toEqual([44, 42]);
  });
});

describe('examining a commit', () => {
  test('a flipped byte is reported with the stream, the number and the position', async () => {
    for (const byte of [0, 9, 40]) {
      const flip = ({ value }: LogRecord) => ({ value: value.map((at, i) => (i === byte ? at ^ 1 : at)) });
      const { first, faults } = await look(withRecord(10, flip, false));
      expect(first).toMatchObject({ code: 'altered-bytes', stream, seq: 7, position: 10 });
      expect(faults).toBe(1);
    }
  });

  test('an id that covers other headers is reported', async () =>
    expect(await firstIn(withRecord(10, header('ce_time', '2026-01-01T00:00:00.000Z'), false))).toMatchObject({
      code: 'altered-bytes',
    }));

  test.each([
    ['ce_seq', '99', 'wrong-seq'],
    ['ce_source', 'urn:dateline:other', 'wrong-attribute'],
    ['ce_type', 'dateline.StoryReopened', 'wrong-attribute'],
    ['ce_kind', 'statement', 'wrong-attribute'],
    ['ce_more', 'x', 'wrong-attribute'],
    ['ce_traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, undefined],
    ['traceparent', 'x', undefined],
    ['content-type', 'text/plain', 'wrong-attribute'],
  ])('the header %s=%s gives %s', async (name, value, code) =>
    expect((await firstIn(withRecord(last, header(name, value))))?.code).toBe(code),
  );

  test('a ce_kind header that differs from the development’s kind is reported', async () =>
    expect(
      await firstIn([...whole.slice(0, 6), ...withRecord(6, header('ce_kind', 'arrival')).slice(6, 7)]),
    ).toMatchObject({
      code: 'wrong-attribute',
      detail: expect.stringContaining('ce_kind is arrival, not statement'),
    }));

  test('a commit that no decision allows is reported, with what the decision says', async () => {
    expect(
      await forged({ type: 'DevelopmentRetracted', data: { development: id(99), told: { reason: 'Gone.' } } }),
    ).toMatchObject({
      faults: 1,
      first: {
        code: 'not-allowed',
        stream,
        seq: 40,
        position: 43,
        detail: expect.stringContaining('unknown-development'),
      },
    });
    expect(await forgedFirst({ type: 'DevelopmentRecorded', data: withContent(50, said('Late')) })).toMatchObject({
      detail: expect.stringContaining('story-closed'),
    });
    const reinstated = { type: 'DevelopmentReinstated' as const, data: { development: id(1), retracted: id(31) } };
    expect(await forgedFirst(reinstated)).toMatchObject({ detail: expect.stringContaining('No decision begins') });
    const retracted = { type: 'DevelopmentRetracted' as const, data: { development: id(31), told: { reason: 'No.' } } };
    expect(await forgedFirst(retracted)).toMatchObject({ detail: expect.stringContaining('DevelopmentReinstated') });
    expect(await forgedFirst(retracted, reinstated)).toBeUndefined();
    expect(await forgedFirst({ type: 'StoryClosed', data: {} })).toMatchObject({
      detail: expect.stringContaining('nothing would change'),
    });
  });

  test('a second LogOpened is reported', async () =>
    expect(
      (
        await firstIn(
          writing()
            .append('log', [{ type: 'LogOpened', data: { name: source } }])
            .read(),
        )
      )?.code,
    ).toBe('not-allowed'));

  test('a commit that names an unregistered actor, or an actor not by id, is reported', async () => {
    const about = (speaker: string) =>
      firstIn(
        new Writing()
          .register('mayor', 'The mayor')
          .append(stream, [{ type: 'StoryOpened', data: { title: 'The storm', zone: 'UTC' } }])
          .append(stream, [
            {
              type: 'DevelopmentRecorded',
              data: withContent(1, said('So.', { data: { speaker, quote: 'So.' } })),
            },
          ])
          .register('pilot', 'Pilot')
          .read(),
      );
    expect(await about('mayor')).toBeUndefined();
    expect(await about('pilot')).toMatchObject({
      code: 'not-resolved',
      detail: expect.stringContaining('unknown-actor'),
    });
    expect(await about('The mayor')).toMatchObject({
      code: 'not-resolved',
      detail: expect.stringContaining('by id'),
    });
  });

  test('an actor’s commit is reported if its affiliation is unknown or the actor exists already', async () => {
    const entry = { name: 'Crew', kind: 'group' as const, aliases: [], affiliations: ['nobody'] };
    const crew = registerActor(entry)(noActor) as ActorEvent[];
    expect(await firstIn(writing().append(actorStream('crew'), crew).read())).toMatchObject({
      code: 'not-resolved',
      stream: 'actor:crew',
    });
    const twice = await look(writing().append(actorStream('mayor'), crew).read());
    expect(twice.first).toMatchObject({ code: 'not-allowed', detail: expect.stringContaining('actor-exists') });
  });

  test('an unreadable commit is not a fault, but is reported as unchecked', async () => {
    const value = Buffer.from(JSON.stringify({ by: { id: 'ed' }, events: [{ type: 'StoryFrozen', data: {} }] }));
    const { first, unchecked, faults } = await look(withRecord(last, () => ({ value })));
    expect({ first, faults }).toEqual({ first: undefined, faults: 0 });
    expect(unchecked).toMatchObject({ stream, position: 42 });
  });

  test.each(['2026-01-01T12:43:00Z', '2026-01-01T13:43:00.000+01:00'])(
    'a commit with the time %s is unreadable',
    async time => {
      const { first, unchecked } = await look(withRecord(last, header('ce_time', time)));
      expect({ first, unchecked }).toMatchObject({ first: undefined, unchecked: { stream, position: 42 } });
    },
  );

  test('after a commit with a fault, the commits of other streams are still examined', async () => {
    const log = [...withRecord(10, () => ({ value: Buffer.from('{}') }), false)];
    expect(await look(log)).toMatchObject({ winners: 42, faults: 1 });
  });
});
