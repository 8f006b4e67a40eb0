import { decisions, digest, noStory, storyStream, reconstructDecision } from '#domain';
import { arbitrate, emptyLog, type BatchAppender, type LogReader, type NewRecord } from '#event-log';
import { openKeyStore } from '#keys';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { chainedAtOnce } from '../../apps/editor-api/src/commands/chains.js';
import { emptyWriteModel } from '../../apps/editor-api/src/commands/kept-model.js';
import { recordsTogether } from '../../apps/editor-api/src/commands/outbox.js';
import { CommandProcessor } from '../../apps/editor-api/src/commands/processor.js';
import type { Outcome, Submission } from '../../apps/editor-api/src/commands/submission.js';
import { MemoryLog, type Fate } from '../../libs/event-log/src/memory/log.js';

/** Opens a story as earlier versions did, without a key. */
const opening = (title: string) =>
  reconstructDecision([{ type: 'StoryOpened', data: { title, zone: 'UTC' } }], { id: 'ed' })!;

const kept: Fate = { outcome: 'sent', arrivals: [0] };
/** These tests never seal a payload. */
const noKeys = openKeyStore({ KEY_STORE: 'file:///nowhere', DATABASE_URL: '' });
const processes: CommandProcessor[] = [];
afterEach(async () => {
  await Promise.all(processes.splice(0).map(process => process.close()));
});

interface Network {
  readonly settle?: number;
  /** Milliseconds until each batch is read. */
  readonly lag?: number;
  /** Milliseconds that each request to the log takes. */
  readonly trip?: number;
}

interface Process {
  readonly processor: CommandProcessor;
  /** The records of each request. */
  readonly requests: (readonly NewRecord[])[];
}

async function start(log: MemoryLog, { settle = 10_000, lag = 0, trip = 2 }: Network = {}): Promise<Process> {
  const [reader, appender] = [log.reader(), log.appender()];
  const requests: (readonly NewRecord[])[] = [];
  const late: LogReader = {
    ...reader,
    read: (from, onBatch, signal) => reader.read(from, async records => (await sleep(lag), onBatch(records)), signal),
  };
  const far: BatchAppender = {
    ...appender,
    appendTogether: async records => {
      requests.push(records);
      await sleep(trip);
      const outcome = await appender.appendTogether(records);
      await sleep(trip);
      return outcome;
    },
  };
  const processor = new CommandProcessor('urn:test:log', settle, late, far, noKeys);
  processes.push(processor);
  void processor.follow();
  await processor.open();
  return { processor, requests };
}

/** A command that is valid in every state of its story: it opens, closes or reopens it. */
const turn = (story: string, command: string, by = 'ed'): Submission => ({
  stream: storyStream(story),
  command,
  does: 'test',
  commandHash: digest(command),
  by: { id: by },
  decide: ({ stories }) => {
    const { status } = stories.get(story, noStory);
    if (status === 'none') return opening(story)(noStory);
    return [{ type: status === 'open' ? 'StoryClosed' : 'StoryReopened', data: {} }];
  },
});
const open = (story: string, command: string): Submission => ({
  ...turn(story, command),
  decide: ({ stories }) => opening(story)(stories.get(story, noStory)),
});
const close = (story: string, command: string): Submission => ({
  ...turn(story, command),
  decide: ({ stories }) => decisions.closeStory({})(stories.get(story, noStory)),
});

/** The winners by their keys, and how many records lost. */
function readAll({ records }: MemoryLog) {
  let state = emptyLog;
  const winners = records.flatMap(({ headers }) => {
    const [next, verdict] = arbitrate(state, headers);
    state = next;
    return verdict.won ? [{ id: verdict.id, command: headers.ce_command! }] : [];
  });
  return { winners: Map.groupBy(winners, ({ command }) => command), voids: records.length - winners.length };
}

const keys = (count: number, prefix = 'k') => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const outcomesOf = (outcomes: Outcome[]) => new Set(outcomes.map(({ outcome }) => outcome));

describe('one process', () => {
  test('waiting commands go out in one request, each decided on the one before, without void records', async () => {
    const log = new MemoryLog();
    const { processor, requests } = await start(log);
    const outcomes = await Promise.all(keys(32).map(key => processor.submit(turn('s', key))));
    expect(outcomesOf(outcomes)).toEqual(new Set(['won']));
    const { winners, voids } = readAll(log);
    expect([winners.size, voids, requests.length]).toEqual([33, 0, 1]);
    // In the order in which they came.
    const seqs = outcomes.map(outcome => outcome.outcome === 'won' && outcome.commit.seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  });

  test('the next commands go out before the earlier records have been read', async () => {
    const log = new MemoryLog();
    const { processor, requests } = await start(log, { lag: 1_000, trip: 1 });
    const { recordsRead } = processor;
    const first = processor.submit(turn('s', 'first'));
    while (requests.length < 1) await sleep(5);
    const second = processor.submit(turn('s', 'second'));
    while (requests.length < 2) await sleep(5);
    expect(processor.recordsRead).toBe(recordsRead);
    expect([await first, await second]).toMatchObject([{ commit: { seq: 1 } }, { commit: { seq: 2 } }]);
    expect(readAll(log).voids).toBe(0);
  });

  test('while the log is read again, a command whose record may still win is pending, and only others have no effect', async () => {
    const { processor } = await start(new MemoryLog(), { settle: 400, lag: 3_000, trip: 1 });
    expect((await processor.submit(turn('s', 'sent'))).outcome).toBe('pending');
    processor.begin(emptyWriteModel);
    expect((await processor.submit(turn('s', 'sent'))).outcome).toBe('pending');
    expect((await processor.submit(turn('s', 'other'))).outcome).toBe('unavailable');
  });

  test.each([
    ['lost, if another one won in its place', true],
    ['not settled, as it may still win', false],
  ])('once the log was read again, a record that was sent before is %s', async (_, isLost) => {
    const late = 5;
    const log = new MemoryLog(({ headers }) =>
      headers.ce_command === 'sent' ? { outcome: 'unknown', arrivals: [late] } : kept,
    );
    // It reads what the other process sends only after the log was read again.
    const { processor } = await start(log, { settle: 400, lag: 1_200, trip: 1 });
    const sent = { ...turn('s', 'sent'), expected: [log.records[0]!.headers.ce_id!] };
    expect((await processor.submit(sent)).outcome).toBe('pending');
    const other = await start(log, { trip: 1 });
    if (isLost) expect((await other.processor.submit(turn('s', 'other'))).outcome).toBe('won');
    processor.begin(emptyWriteModel);
    await processor.take(log.records);
    for (let tries = 0; !processor.ready && tries < 100; tries++) await sleep(20);
    expect([processor.ready, processor.isPending('ed', 'sent')]).toEqual([true, !isLost]);
    log.settle();
    expect(await processor.caughtUp(10_000)).toBe(true);
    expect(await processor.submit(sent)).toMatchObject(
      isLost ? { outcome: 'conflict' } : { outcome: 'won', again: true },
    );
    expect(processor.isPending('ed', 'sent')).toBe(false);
  });

  test(`at most ${chainedAtOnce} records of one stream are in flight`, async () => {
    const log = new MemoryLog();
    const { processor, requests } = await start(log, { lag: 100, trip: 1 });
    const all = Promise.all(keys(chainedAtOnce + 1).map(key => processor.submit(turn('s', key))));
    await sleep(50);
    expect(requests.map(({ length }) => length)).toEqual([chainedAtOnce]);
    expect(outcomesOf(await all)).toEqual(new Set(['won']));
    expect(requests.map(({ length }) => length)).toEqual([chainedAtOnce, 1]);
  });

  test(`one request has at most ${recordsTogether} records, and every stream is served`, async () => {
    const log = new MemoryLog();
    const { processor, requests } = await start(log);
    const stories = keys(3, 's');
    const wanted = stories.flatMap(story => keys(40, story).map(key => turn(story, key)));
    expect(outcomesOf(await Promise.all(wanted.map(each => processor.submit(each))))).toEqual(new Set(['won']));
    expect(requests.map(({ length }) => length)).toEqual([recordsTogether, 20]);
    expect(readAll(log).voids).toBe(0);
  });

  test('a command that waits twice is recorded once', async () => {
    const log = new MemoryLog();
    const { processor, requests } = await start(log);
    const outcomes = await Promise.all([turn('s', 'k'), turn('s', 'k'), turn('s', 'k')].map(c => processor.submit(c)));
    expect(outcomes.map(o => o.outcome === 'won' && o.again)).toEqual([false, true, true]);
    expect(requests.flat()).toHaveLength(1);
  });

  test('no command is refused because of a record in flight that then loses', async () => {
    // Each copy of the first record is lost on the way, so the story that it closes stays open.
    const fate = (record: NewRecord): Fate =>
      record.headers.ce_command === 'close' ? { outcome: 'unknown', arrivals: [] } : kept;
    const log = new MemoryLog(fate);
    const { processor } = await start(log, { settle: 200 });
    await processor.submit(open('s', 'open'));
    const closing = processor.submit(close('s', 'close'));
    const again = processor.submit(close('s', 'again'));
    expect(await closing).toEqual({ outcome: 'pending' });
    expect(await again).toMatchObject({ outcome: 'unavailable' });
    // Another process is faster than the copies.
    const other = await start(log);
    expect(await other.processor.submit(close('s', 'third'))).toMatchObject({ outcome: 'won' });
    while (processor.isPending('ed', 'close')) await sleep(5);
    // On a busy machine one answer may take longer than the 200 ms.
    let last = await processor.submit(close('s', 'again'));
    while (last.outcome === 'unavailable') last = await processor.submit(close('s', 'again'));
    expect(last).toMatchObject({ outcome: 'already-so' });
  });

  test('no command that waits is told of a conflict because of its own record in flight', async () => {
    const log = new MemoryLog();
    const { processor } = await start(log, { lag: 20 });
    const opened = await processor.submit(open('s', 'open'));
    const expected = opened.outcome === 'won' ? [opened.commit.id] : [];
    const [first, second] = await Promise.all([
      processor.submit({ ...turn('s', 'first'), expected }),
      processor.submit({ ...turn('s', 'second'), expected }),
    ]);
    expect(first).toMatchObject({ outcome: 'won' });
    expect(second).toMatchObject({ outcome: 'conflict', meanwhile: [{ command: 'first' }] });
  });

  test('a record that the log lost after acknowledging it is sent again, before those after it', async () => {
    let lost = 0;
    const log = new MemoryLog(({ headers }) =>
      headers.ce_command === 'lost' && lost++ === 0 ? { outcome: 'sent', arrivals: [] } : kept,
    );
    const { processor } = await start(log, { settle: 1_000 });
    const [first, second] = await Promise.all(['lost', 'next'].map(key => processor.submit(turn('s', key))));
    expect(first).toMatchObject({ outcome: 'won', commit: { seq: 1 } });
    expect(second).toMatchObject({ outcome: 'won', commit: { seq: 2 } });
    expect(readAll(log).voids).toBe(1);
  });

  test.each<[string, Fate]>([
    ['its requests were lost', { outcome: 'unknown', arrivals: [] }],
    ['the log lost what it had acknowledged', { outcome: 'sent', arrivals: [] }],
  ])('a pending command is recorded although its client never asks again: %s', async (_, fate) => {
    let lost = 0;
    const log = new MemoryLog(({ headers }) => (headers.ce_command === 'lost' && lost++ < 2 ? fate : kept));
    const { processor, requests } = await start(log, { settle: 50 });
    expect(await processor.submit(turn('s', 'lost'))).toEqual({ outcome: 'pending' });
    while (processor.isPending('ed', 'lost')) await sleep(5);
    expect(readAll(log).winners.get('lost')).toHaveLength(1);
    const last = requests.length;
    await sleep(200);
    expect(requests.length).toBe(last);
  });

  test('commands that came while the log answered none of them are all recorded afterwards, in their order', async () => {
    let isDown = true;
    const log = new MemoryLog(({ headers }) =>
      isDown && headers.ce_subject !== 'log' ? { outcome: 'unknown', arrivals: [] } : kept,
    );
    const { processor } = await start(log, { settle: 100 });
    const wanted = ['a', 'b', 'c'];
    for (const key of wanted) expect(await processor.submit(turn('s', key))).toEqual({ outcome: 'pending' });
    isDown = false;
    while (wanted.some(key => processor.isPending('ed', key))) await sleep(5);
    expect([...readAll(log).winners.keys()]).toEqual(['open-log', ...wanted]);
  });

  test('a process that knows nothing of the records in doubt may refuse a command that they make right', async () => {
    let isDown = true;
    const log = new MemoryLog(({ headers }) =>
      isDown && headers.ce_subject !== 'log' ? { outcome: 'unknown', arrivals: [] } : kept,
    );
    const [{ processor }, other] = await Promise.all([start(log, { settle: 100 }), start(log)]);
    const both = await Promise.all([processor.submit(open('s', 'open')), processor.submit(close('s', 'close'))]);
    expect(outcomesOf(both)).toEqual(new Set(['pending']));
    expect(await other.processor.submit(close('s', 'close'))).toMatchObject({ outcome: 'refused' });
    isDown = false;
    while (processor.isPending('ed', 'close')) await sleep(5);
    expect([...readAll(log).winners.keys()]).toEqual(['open-log', 'open', 'close']);
  });

  test('a pending command is over when another process was faster', async () => {
    const log = new MemoryLog(({ headers }) =>
      headers.ce_command === 'lost' ? { outcome: 'unknown', arrivals: [] } : kept,
    );
    const [slow, other] = await Promise.all([start(log, { settle: 50 }), start(log)]);
    expect(await slow.processor.submit(turn('s', 'lost'))).toEqual({ outcome: 'pending' });
    expect(await other.processor.submit(turn('s', 'faster'))).toMatchObject({ outcome: 'won', commit: { seq: 1 } });
    while (slow.processor.isPending('ed', 'lost')) await sleep(5);
    expect(readAll(log).winners.has('lost')).toBe(false);
  });

  test('after a request without an answer, nothing is sent until the log has been read', async () => {
    let lost = 0;
    const log = new MemoryLog(({ headers }) =>
      headers.ce_command === 'k0' && lost++ === 0 ? { outcome: 'unknown', arrivals: [0] } : kept,
    );
    const { processor } = await start(log, { lag: 5 });
    const outcomes = await Promise.all([
      processor.submit(turn('s', 'k0')),
      sleep(1).then(() => Promise.all(keys(10, 'later').map(key => processor.submit(turn('s', key))))),
    ]);
    expect(outcomesOf(outcomes.flat())).toEqual(new Set(['won']));
    expect(readAll(log).voids).toBe(0);
  });
});

describe('two processes', () => {
  test('each command is recorded once, with at most one void record for each winner', async () => {
    const log = new MemoryLog();
    const both = await Promise.all([start(log, { lag: 1 }), start(log, { lag: 2 })]);
    const outcomes = await Promise.all(
      keys(400).map(async (key, index) => {
        await sleep(index / 4);
        return both[index % 2]!.processor.submit(turn('s', key));
      }),
    );
    const { winners, voids } = readAll(log);
    for (const [index, outcome] of outcomes.entries()) {
      expect(['won', 'conflict']).toContain(outcome.outcome);
      expect(winners.get(`k${index}`) ?? []).toHaveLength(outcome.outcome === 'won' ? 1 : 0);
    }
    // Without void records there was no race, and the test would prove nothing.
    expect(voids).toBeGreaterThan(0);
    expect(voids).toBeLessThanOrEqual(winners.size);
  });

  const fate = fc.oneof(
    { weight: 6, arbitrary: fc.constant(kept) },
    { weight: 1, arbitrary: fc.constant<Fate>({ outcome: 'not-sent', arrivals: [] }) },
    {
      weight: 2,
      arbitrary: fc.record<Fate>({
        outcome: fc.constantFrom('sent', 'unknown'),
        arrivals: fc.array(fc.nat(8), { maxLength: 2 }),
      }),
    },
  );
  const wish = fc.record({
    at: fc.nat(1),
    story: fc.constantFrom('a', 'a', 'b'),
    /** The same key comes from several clients, also at once. */
    key: fc.nat(60),
    careful: fc.boolean(),
    waits: fc.nat(12),
  });

  /** Each command that is answered as won is in the log once, and one that is not in the log is answered as without effect. */
  const eachAnswerHolds = (seen: Record<Outcome['outcome'], number>, lengths: number[]) =>
    fc.asyncProperty(
      fc.array(fate, { minLength: 1, maxLength: 20 }),
      fc.array(wish, { minLength: 30, maxLength: 90 }),
      fc.nat(3),
      async (fates, wishes, lag) => {
        let sends = 0;
        const log = new MemoryLog(({ headers }) =>
          headers.ce_command === 'open-log' ? kept : fates[sends++ % fates.length]!,
        );
        const network = { settle: 40, trip: 1 };
        const both = await Promise.all([start(log, { ...network, lag }), start(log, network)]);
        const asked = await Promise.all(
          wishes.map(async ({ at, story, key, careful, waits }) => {
            await sleep(waits);
            const { processor } = both[at]!;
            const head = processor.view().arbitration.heads.get(storyStream(story))?.id;
            // One key belongs to one story.
            const command = turn(story, `${story}${key}`);
            return [
              command.command,
              await processor.submit(careful && head ? { ...command, expected: [head] } : command),
            ] as const;
          }),
        );
        log.settle();
        const { winners } = readAll(log);
        for (const [command, standing] of winners) expect([command, standing.length]).toEqual([command, 1]);
        for (const [command, answers] of Map.groupBy(asked, ([command]) => command)) {
          const standing = winners.get(command)?.[0]?.id;
          const outcomes = answers.map(([, outcome]) => outcome);
          for (const outcome of outcomes) {
            seen[outcome.outcome]++;
            if (outcome.outcome === 'won') expect(outcome.commit.id).toBe(standing);
          }
          // A command whose every answer says that it had no effect is not in the log.
          const mayStand = outcomes.some(({ outcome }) => outcome === 'won' || outcome === 'pending');
          if (!mayStand) expect([command, standing]).toEqual([command, undefined]);
        }
        lengths.push(...both.flatMap(({ requests }) => requests.map(({ length }) => length)));
        await Promise.all(processes.splice(0).map(process => process.close()));
      },
    );

  const nothingSeen = () => ({
    won: 0,
    pending: 0,
    conflict: 0,
    unavailable: 0,
    refused: 0,
    'already-so': 0,
    'key-taken': 0,
  });

  test('a command that is won is in the log once, whatever happens to requests', async () => {
    const [seen, lengths] = [nothingSeen(), [] as number[]];
    await fc.assert(eachAnswerHolds(seen, lengths), { numRuns: 40, endOnFailure: true });
    // Runs without chains and without races would prove nothing.
    expect(Math.max(...lengths)).toBeGreaterThan(3);
    expect(Math.min(seen.won, seen.pending, seen.conflict, seen.unavailable)).toBeGreaterThan(0);
  }, 120_000);

  test('a command that wins while its next try waits is not answered as unavailable', async () => {
    // A history in which that happens in one run of ten, as it depends on timers.
    const found = { seed: -820891318, path: '8', numRuns: 1, endOnFailure: true };
    for (let run = 0; run < 40; run++) await fc.assert(eachAnswerHolds(nothingSeen(), []), found);
  }, 120_000);
});
