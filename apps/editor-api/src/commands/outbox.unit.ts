import type { AppendOutcome, NewRecord } from '#event-log';
import { describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Chains, Link } from './chains.js';
import { bytesTogether, Outbox } from './outbox.js';
import { emptyWriteModel } from './kept-model.js';

/** An outbox whose log answers with these outcomes in turn, and then with `sent`. */
function openOutbox(...outcomes: AppendOutcome[]) {
  const requests: string[][] = [];
  const answers: [AppendOutcome, number][] = [];
  const chains = new Map<string, Chains>();
  const inDoubt = new Map<string, Link[]>();
  const speculation = {
    view: () => emptyWriteModel,
    nextOffset: 0,
    mayDecide: true,
    chainsOf: (stream: string) => {
      const those = chains.get(stream) ?? new Chains(stream);
      chains.set(stream, those);
      return those;
    },
    chainsNow: (stream: string) => chains.get(stream),
    copies: (stream: string) => {
      const copies = inDoubt.get(stream) ?? [];
      inDoubt.delete(stream);
      if (copies.length === 0 && stream === 'unreadable') throw new Error('The state cannot be read.');
      return copies;
    },
    sending: () => undefined,
    answered: (links: readonly Link[], outcome: AppendOutcome) => void answers.push([outcome, links.length]),
  };
  const appendTogether = async (records: readonly NewRecord[]) => {
    requests.push(records.map(({ headers }) => headers.ce_id!));
    return outcomes.shift() ?? 'sent';
  };
  const outbox = new Outbox(speculation, { appendTogether });
  const record = (id: string, bytes = 1) => ({ id, key: '', headers: { ce_id: id }, value: new Uint8Array(bytes) });
  const put = (id: string, bytes = 1, stream = id, withinMs = 10_000) =>
    outbox.turn({ stream, own: id, decide: () => record(id, bytes) }, withinMs);
  const doubt = (stream: string, ...ids: string[]) =>
    inDoubt.set(
      stream,
      ids.map(id => new Link(id, record(id), emptyWriteModel, 0)),
    );
  return { outbox, requests, answers, put, doubt };
}

/** The bytes of a record of `put` without its value. */
const around = 50 + 'ce_id'.length + 1 + 10;

describe('the outbox', () => {
  test('it sends records together up to the byte limit, and one byte more in a second request', async () => {
    for (const [more, expected] of [
      [0, [['a', 'b']]],
      [1, [['a'], ['b']]],
    ] as const) {
      const { requests, put } = openOutbox();
      const half = bytesTogether / 2 - around;
      await Promise.all([put('a', half), put('b', half + more)]);
      await sleep(5);
      expect(requests).toEqual(expected);
    }
  });

  test('it sends a record that is over the limit alone', async () => {
    const { requests, put } = openOutbox();
    await Promise.all([put('a'), put('large', 2 * bytesTogether), put('b')]);
    await sleep(5);
    expect(requests).toEqual([['a'], ['large'], ['b']]);
  });

  test('it does not send a record that was decided behind a failed request', async () => {
    const { requests, answers, put } = openOutbox('unknown');
    const [, second] = await Promise.all([put('a'), put('large', bytesTogether)]);
    expect(second.turn === 'sending' && (await second.sent)).toBe('not-sent');
    expect(requests).toEqual([['a']]);
    expect(answers).toEqual([
      ['unknown', 1],
      ['not-sent', 1],
    ]);
    await put('c');
    expect(requests.at(-1)).toEqual(['c']);
  });

  test('a command for a paused stream times out, and other streams are sent meanwhile', async () => {
    const { outbox, requests, put } = openOutbox();
    const over = Promise.withResolvers<void>();
    outbox.rest('resting', over.promise);
    const [late, other] = await Promise.all([put('a', 1, 'resting', 100), put('b')]);
    expect([late.turn, other.turn]).toEqual(['late', 'sending']);
    const waiting = put('c', 1, 'resting');
    over.resolve();
    expect((await waiting).turn).toBe('sending');
    expect(requests).toEqual([['b'], ['c']]);
    expect(outbox.size).toBe(0);
  });

  test('copies of records in doubt leave before the commands of their stream, and not while it rests', async () => {
    const { outbox, requests, put, doubt } = openOutbox();
    doubt('s', 'a', 'b');
    const over = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    for (const { promise } of over) outbox.rest('s', promise);
    outbox.sendCopies('s');
    await Promise.all([put('other'), sleep(5)]);
    expect(requests).toEqual([['other']]);
    const waiting = put('c', 1, 's');
    // It rests until both are over.
    over[0]!.resolve();
    await sleep(5);
    expect(requests).toEqual([['other']]);
    over[1]!.resolve();
    await waiting;
    expect(requests).toEqual([['other'], ['a', 'b', 'c']]);
    await put('d', 1, 's');
    expect(requests.at(-1)).toEqual(['d']);
  });

  test('no command is decided before the copies of its stream have left', async () => {
    const { requests, put, doubt } = openOutbox();
    doubt('s', 'a');
    await put('b', 1, 's');
    expect(requests).toEqual([['a', 'b']]);
  });

  test('where the state cannot be read, copies are sent later, and commands now', async () => {
    const { outbox, requests, put, doubt } = openOutbox();
    outbox.sendCopies('unreadable');
    await put('a', 1, 'unreadable');
    expect(requests).toEqual([['a']]);
    doubt('unreadable', 'b');
    outbox.sendCopies('unreadable');
    await sleep(5);
    expect(requests).toEqual([['a'], ['b']]);
  });

  test('an error in one decision fails only its own command', async () => {
    const { outbox, requests, put } = openOutbox();
    const fails = outbox.turn({ stream: 'x', own: 'x', decide: () => JSON.parse('{') }, 100);
    await expect(Promise.all([fails, put('a')])).rejects.toThrow(SyntaxError);
    await sleep(5);
    expect(requests).toEqual([['a']]);
  });
});
