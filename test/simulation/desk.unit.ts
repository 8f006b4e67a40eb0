import {
  decisions,
  digest,
  evolve,
  noStory,
  refuse,
  storyStream,
  type StoryEvent,
  type StoryState,
  reconstructDecision,
} from '#domain';
import { arbitrate, decode, emptyLog, headOf, type LogReader } from '#event-log';
import { openKeyStore } from '#keys';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Map as Dictionary } from 'immutable';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandProcessor } from '../../apps/editor-api/src/commands/processor.js';
import type { WriteModel } from '../../apps/editor-api/src/commands/write-model.js';
import type { Outcome, Submission } from '../../apps/editor-api/src/commands/submission.js';
import { MemoryLog, type Fate } from '../../libs/event-log/src/memory/log.js';

/** Opens a story as earlier versions did, without a key. */
const opening = (title: string) =>
  reconstructDecision([{ type: 'StoryOpened', data: { title, zone: 'UTC' } }], { id: 'ed' })!;

const source = 'urn:test:log';
const kept: Fate = { outcome: 'sent', arrivals: [0] };
/** These tests never seal a payload. */
const noKeys = openKeyStore({ KEY_STORE: 'file:///nowhere', DATABASE_URL: '' });
const desks: CommandProcessor[] = [];
afterEach(async () => {
  await Promise.all(desks.splice(0).map(desk => desk.close()));
});

/** A process that reads each batch of the log after the next delay in `lags`, in milliseconds. */
async function openDesk(log: MemoryLog, { lags = [0], settle = 10_000 } = {}): Promise<CommandProcessor> {
  const reader = log.reader();
  let batch = 0;
  const late: LogReader = {
    ...reader,
    read: (from, onBatch, signal) =>
      reader.read(from, async records => (await sleep(lags[batch++ % lags.length]), onBatch(records)), signal),
  };
  const desk = new CommandProcessor(source, settle, late, log.appender(), noKeys);
  desks.push(desk);
  void desk.follow();
  await desk.open();
  return desk;
}

const story = (room: WriteModel, id: string) => room.stories.get(id, noStory);
const submission = (id: string, command: string, decide: Submission['decide'], body: unknown = null): Submission => ({
  stream: storyStream(id),
  command,
  does: 'test',
  commandHash: digest({ command, body }),
  by: { id: 'ed' },
  decide,
});
const open = (id: string, command = `open-${id}`) => submission(id, command, room => opening(id)(story(room, id)));
const close = (id: string, command: string) =>
  submission(id, command, room => decisions.closeStory({})(story(room, id)));
const reopen = (id: string, command: string) =>
  submission(id, command, room => decisions.reopenStory({})(story(room, id)));
/** A command that is valid in every state, so it is never refused and always races. */
const turn = (id: string, command: string) =>
  submission(id, command, room => {
    if (story(room, id).status === 'none') return open(id).decide(room, new Map());
    return [{ type: story(room, id).status === 'open' ? 'StoryClosed' : 'StoryReopened', data: {} }];
  });

function winnersOf(log: MemoryLog) {
  let state = emptyLog;
  return log.records.flatMap(({ headers, value }) => {
    const [next, verdict] = arbitrate(state, headers);
    state = next;
    if (!verdict.won) return [];
    const read = decode(headers, value, verdict);
    if ('unreadable' in read) throw new Error(read.unreadable);
    return [read.commit];
  });
}

describe('three processes that share a log', () => {
  const fate: fc.Arbitrary<Fate> = fc.oneof(
    { weight: 6, arbitrary: fc.constant(kept) },
    { weight: 1, arbitrary: fc.constant<Fate>({ outcome: 'not-sent', arrivals: [] }) },
    {
      weight: 3,
      arbitrary: fc.record<Fate>({
        outcome: fc.constantFrom('sent', 'unknown'),
        arrivals: fc.array(fc.nat(6), { maxLength: 3 }),
      }),
    },
  );
  const wish = fc.record({
    desk: fc.nat(2),
    story: fc.constantFrom('a', 'b'),
    act: fc.constantFrom(turn, turn, turn, open, close, reopen),
    /** Whether it is sent with the head that the client saw. */
    careful: fc.boolean(),
    /** How often the client sends it, each time to the next process. */
    times: fc.integer({ min: 1, max: 3 }),
  });
  type Wish = typeof wish extends fc.Arbitrary<infer W> ? W : never;
  const keyOf = (index: number) => `k${index}`;

  async function ask(
    rooms: CommandProcessor[],
    { desk, story: id, act, careful, times }: Wish,
    index: number,
  ): Promise<Outcome[]> {
    const head = headOf(rooms[desk]!.view().arbitration, storyStream(id)).id;
    const wished = { ...act(id, keyOf(index)), expected: careful ? [head] : undefined };
    const outcomes: Outcome[] = [];
    for (let time = 0; time < times; time++) outcomes.push(await rooms[(desk + time) % 3]!.submit(wished));
    return outcomes;
  }

  /** Checks that each answer to a key matches the log's commit with this key. */
  function check(outcomes: Outcome[], standing: string[]): void {
    const said = outcomes.map(({ outcome }) => outcome);
    expect(standing.length).toBeLessThanOrEqual(1);
    for (const outcome of outcomes) if (outcome.outcome === 'won') expect(standing).toEqual([outcome.commit.id]);
    const last = said.at(-1);
    // Each try goes to another process. The record of one that answered `pending` may win after another one has refused the command, because
    // the records that it was decided after win then too. After a conflict it cannot: another record has won in its place.
    const mayStand = said.includes('pending') || (said.includes('won') && last !== 'refused');
    if (last === 'conflict' || !mayStand) expect(standing).toEqual([]);
  }

  test('a command that is won is in the log once, and one that is refused is never in the log', async () => {
    const seen = { won: 0, pending: 0, conflict: 0, refused: 0, 'already-so': 0, unavailable: 0, 'key-taken': 0 };
    const run = async (fates: Fate[], wishes: Wish[], lags: number[]) => {
      let number = 0;
      const fateOf = () => fates[number++ % fates.length]!;
      const log = new MemoryLog(({ headers }) => (headers.ce_command === 'open-log' ? kept : fateOf()));
      const rooms = await Promise.all(
        [lags, [...lags].reverse(), [0]].map(l => openDesk(log, { lags: l, settle: 20 })),
      );
      const asked = await Promise.all(wishes.map((wish, index) => ask(rooms, wish, index)));
      log.settle();
      const winners = winnersOf(log);
      const standing = Map.groupBy(winners, winner => winner.command);
      for (const [index, outcomes] of asked.entries()) {
        const stands = standing.get(keyOf(index)) ?? [];
        check(
          outcomes,
          stands.map(({ id }) => id),
        );
        for (const { outcome } of outcomes) seen[outcome]++;
      }
      // Each commit was decided on exactly the state before it.
      let stories = { a: noStory, b: noStory };
      for (const commit of winners.slice(1)) {
        const { stream, events, command } = commit;
        const id = stream === storyStream('a') ? 'a' : 'b';
        const wished = wishes[Number(command.slice(1))]!.act(id, command);
        expect(wished.decide({ stories: Dictionary(stories) } as unknown as WriteModel, new Map())).toEqual(events);
        const after = (state: StoryState, event: StoryEvent) => evolve(state, event, commit);
        stories = { ...stories, [id]: (events as StoryEvent[]).reduce(after, stories[id]) };
      }
      await Promise.all(desks.splice(0).map(desk => desk.close()));
    };
    const wishes = fc.array(wish, { minLength: 12, maxLength: 40 });
    const lags = fc.array(fc.nat(3), { minLength: 1, maxLength: 4 });
    await fc.assert(fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 20 }), wishes, lags, run), {
      numRuns: 60,
      endOnFailure: true,
    });
    // Runs without a race would prove nothing.
    expect(seen['key-taken']).toBe(0);
    expect(Math.min(seen.won, seen.pending, seen.conflict, seen.refused)).toBeGreaterThan(0);
  }, 120_000);

  test('no command is refused because this process has not yet read another one’s commit', async () => {
    const log = new MemoryLog();
    const fast = await openDesk(log);
    const slow = await openDesk(log, { lags: [15] });
    for (let number = 0; number < 10; number++) {
      expect((await fast.submit(open(`s${number}`))).outcome).toBe('won');
      expect((await slow.submit(close(`s${number}`, `close-${number}`))).outcome).toBe('won');
    }
  });

  test('a command sent to all processes at once gets the same answer from each', async () => {
    const log = new MemoryLog();
    const rooms = await Promise.all([0, 1, 2].map(lag => openDesk(log, { lags: [lag] })));
    for (let number = 0; number < 20; number++) {
      const outcomes = await Promise.all(rooms.map(room => room.submit(open(`s${number}`))));
      const commits = outcomes.map(outcome => outcome.outcome === 'won' && JSON.stringify(outcome.commit));
      expect(new Set(commits).size).toBe(1);
      expect(commits[0]).toMatch(/"StoryOpened"/);
    }
  });
});

describe('one process', () => {
  /** Long enough to send a record on a busy machine. */
  const settle = 400;
  /** A log that answers no record of this command. */
  const unanswered = (command: string, arrivals: number[]) =>
    new MemoryLog(({ headers }): Fate => (headers.ce_command === command ? { outcome: 'unknown', arrivals } : kept));

  test('a command that was sent is pending until it has won', async () => {
    const log = unanswered('open-s', [99]);
    const desk = await openDesk(log, { settle });
    expect(await desk.submit(open('s'))).toEqual({ outcome: 'pending' });
    expect(desk.isPending('ed', 'open-s')).toBe(true);
    log.settle();
    expect(await desk.caughtUp(10_000)).toBe(true);
    expect(desk.isPending('ed', 'open-s')).toBe(false);
    expect(await desk.submit(open('s'))).toMatchObject({ outcome: 'won', again: true });
  });

  test('a command that was sent is pending until it can no longer win', async () => {
    const log = unanswered('lost', []);
    const [desk, faster] = [await openDesk(log, { settle }), await openDesk(log)];
    await desk.submit(open('s', 'lost'));
    expect(desk.isPending('ed', 'lost')).toBe(true);
    expect((await faster.submit(open('s', 'other'))).outcome).toBe('won');
    expect(await desk.caughtUp(10_000)).toBe(true);
    expect(desk.isPending('ed', 'lost')).toBe(false);
  });

  test('a command is not refused while an earlier record with its key may still win', async () => {
    const log = unanswered('open-s', [99]);
    const desk = await openDesk(log, { settle });
    expect(await desk.submit(open('s'))).toEqual({ outcome: 'pending' });
    // The same command is now refused because of another stream, such as a name that became ambiguous.
    const refused = submission('s', 'open-s', () => refuse('ambiguous-actor'));
    expect(await desk.submit(refused)).toEqual({ outcome: 'pending' });
    log.settle();
    expect(await desk.submit(refused)).toMatchObject({ outcome: 'won' });
  });

  test('a command whose decision threw an error is forgotten', async () => {
    const desk = await openDesk(new MemoryLog());
    const thrown = desk.submit(submission('s', 'k', () => JSON.parse('{')));
    await expect(thrown).rejects.toThrow(SyntaxError);
    expect(desk.isPending('ed', 'k')).toBe(false);
    expect((await desk.submit(open('s'))).outcome).toBe('won');
  });

  test('a command that waits too long behind others is not sent', async () => {
    const log = new MemoryLog(record =>
      record.headers.ce_command === 'open-log' ? kept : { outcome: 'unknown', arrivals: [] },
    );
    const desk = await openDesk(log, { settle });
    const [first, second] = await Promise.all([desk.submit(turn('s', 'k1')), desk.submit(open('s', 'k2'))]);
    expect(first).toEqual({ outcome: 'pending' });
    expect(second).toMatchObject({ outcome: 'unavailable' });
    expect(desk.isPending('ed', 'k2')).toBe(false);
  });

  test('commands are answered in time, although the log never answers', async () => {
    const log = new MemoryLog();
    const slow = { bounds: false, append: false };
    const never = new Promise<never>(() => undefined);
    const [reader, appender] = [log.reader(), log.appender()];
    const desk = new CommandProcessor(
      source,
      settle,
      { ...reader, bounds: () => (slow.bounds ? never : reader.bounds()) },
      { ...appender, appendTogether: records => (slow.append ? never : appender.appendTogether(records)) },
      noKeys,
    );
    desks.push(desk);
    void desk.follow();
    await desk.open();
    slow.append = true;
    expect(await desk.submit(open('s'))).toEqual({ outcome: 'pending' });
    slow.bounds = true;
    expect(await desk.submit(close('t', 'c'))).toMatchObject({ outcome: 'unavailable', of: 'log' });
  });

  test('nothing is kept of commands that are finished', async () => {
    const desk = await openDesk(new MemoryLog());
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => desk.submit(n % 2 ? close('s', `c${n}`) : open('s', `o${n}`))),
    );
    const inside = desk as unknown as Record<
      'asked' | 'sent' | 'read' | 'outbox' | 'streams',
      { readonly size: number }
    >;
    const { asked, sent, read, outbox, streams } = inside;
    expect([asked, sent, read, outbox, streams].map(({ size }) => size)).toEqual([0, 0, 0, 0, 0]);
  });

  test('closing a process ends its wait for the log', async () => {
    const log = new MemoryLog(() => ({ outcome: 'not-sent', arrivals: [] }));
    const desk = new CommandProcessor(source, 5, log.reader(), log.appender(), noKeys);
    void desk.follow();
    const opening = desk.open();
    await sleep(10);
    await desk.close();
    await expect(opening).rejects.toThrow();
  });
});
