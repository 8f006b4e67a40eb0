import { describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { everyPlace, fates, type Name } from './places.js';
import { Scenario, type Send, wordsIn } from './scenario.js';

/** Answers each command as if the log had recorded it. */
const send: Send = async (_by, path) => ({
  commit: 'c'.repeat(64),
  ...(path.endsWith('/developments') && { development: randomUUID() }),
});

async function played(embargo: boolean) {
  const scenario = new Scenario(send, 'birds', embargo);
  await scenario.play();
  await scenario.takeDown([randomUUID()]);
  return scenario.canaries;
}

describe('the places where people write', () => {
  test('the scenario writes in each of them', async () => {
    const written = new Set((await played(false)).map(({ place }) => place));
    // Otherwise play the act in test/canaries/scenario.ts.
    expect([...everyPlace()].filter(place => !written.has(place))).toEqual([]);
    expect(written.size).toBeGreaterThan(60);
  });

  test('acts without a fate are those in whose body nobody writes', () => {
    const written = new Set([...everyPlace()].map(place => place.split(/[.(]/)[0]));
    const silent = (Object.keys(fates) as Name[]).filter(act => fates[act] === 'none');
    expect(silent.filter(act => written.has(act))).toEqual([]);
    expect(
      Object.keys(fates)
        .filter(act => !written.has(act))
        .sort(),
    ).toEqual([...silent].sort());
  });

  test('each holds a word of its own, which is no part of another', async () => {
    const words = (await played(true)).map(({ word }) => word);
    expect(new Set(words).size).toBe(words.length);
    expect(new Set(words.map(({ length }) => length)).size).toBe(1);
    expect(wordsIn(`canary${words.join('').toUpperCase()}`)).toEqual(new Set(words));
  });
});
