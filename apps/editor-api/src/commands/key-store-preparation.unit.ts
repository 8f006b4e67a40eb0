import { Pauses } from '#client';
import { KeyStoreError } from '#keys';
import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeyStorePreparation } from './key-store-preparation.js';

const away = () => new KeyStoreError('keys-unreachable', 'connection refused');

let risk: string | undefined;
/** A key store that gives these answers in turn, and repeats the last one. */
function storeOf(...answers: (Error | undefined)[]) {
  const lines: string[] = [];
  let tries = 0;
  const prepare = async () => {
    const answer = answers[Math.min(tries++, answers.length - 1)];
    if (answer) throw answer;
  };
  const log = { warn: (_told: object, text: string) => lines.push(text), info: (text: string) => lines.push(text) };
  const preparation = new KeyStorePreparation(prepare, async () => risk, log, new Pauses({ least: 1, most: 2 }));
  return { preparation, lines, tries: () => tries };
}
const until = async (is: () => boolean) => {
  for (const end = Date.now() + 5_000; !is() && Date.now() < end;) await sleep(1);
};

test('a key store that answers is ready at once and is not asked again', async () => {
  const { preparation, tries, lines } = storeOf(undefined);
  await preparation.start();
  expect(preparation.ready).toBe(true);
  await sleep(10);
  expect([tries(), lines]).toEqual([1, ['the key store is ready']]);
});

test('a key store that may lose keys is named', async () => {
  risk = 'Its standbys get them later.';
  const { preparation, lines } = storeOf(undefined);
  await preparation.start();
  risk = undefined;
  expect(lines).toEqual(['the key store is ready', 'Its standbys get them later.']);
});

test('a key store that does not answer delays no start and is asked until it answers', async () => {
  const { preparation, tries, lines } = storeOf(away(), away(), away(), undefined);
  await preparation.start();
  expect(preparation.ready).toBe(false);
  await until(() => preparation.ready);
  expect([preparation.ready, tries(), lines.length]).toEqual([true, 4, 4]);
});

test('an error that no further try would solve ends the start', async () => {
  const { preparation } = storeOf(new KeyStoreError('keys-exposed'));
  await expect(preparation.start()).rejects.toMatchObject({ code: 'keys-exposed' });
});

test('the key store is not asked after the preparation is stopped', async () => {
  const { preparation, tries } = storeOf(away());
  await preparation.start();
  preparation.stop();
  const before = tries();
  await sleep(20);
  expect(tries()).toBeLessThanOrEqual(before + 1);
});
