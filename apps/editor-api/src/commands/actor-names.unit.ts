import { actorStream, emptyDirectory, evolveDirectory, type ActorEvent, type Directory } from '#domain';
import { seal, type Key } from '#keys';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { ActorNames } from './actor-names.js';

const secretOf = (id: string) => createHash('sha512').update(id).digest();
const lost = new Set<string>();
let asked: string[][] = [];
const store = {
  keysOf: async (ids: Iterable<string>) => {
    asked.push([...ids]);
    const found = asked.at(-1)!.filter(id => !lost.has(id));
    return new Map(found.map((id): [string, Key] => [id, { secret: secretOf(id) }]));
  },
};

/** The directory after an actor got an entry with this name, sealed as in the log. */
function registered(directory: Directory, actor: string, name: string): Directory {
  const [text, kind, affiliations] = [randomUUID(), 'person' as const, []];
  const event = {
    type: 'ActorAmendedSealed',
    data: { text, told: { name, aliases: [] }, kind, affiliations },
  } as const;
  const [sealed] = seal(actorStream(actor), [event], { get: secretOf });
  return evolveDirectory(directory, actor, sealed as ActorEvent);
}
const destroyed = (id: string): [string, Key] => [id, { destroyed: '2026-01-01T00:00:00.000Z' }];
const textOf = (directory: Directory, actor: string) => directory.sealed.get(actor)!.text;

afterEach(() => void jest.restoreAllMocks());

describe('the names of actors', () => {
  test('each entry is opened once, and again only when it was amended', async () => {
    const names = new ActorNames(store);
    asked = [];
    const one = registered(emptyDirectory, 'ada', 'Ada');
    expect(names.named(one)).toBeUndefined();
    expect(names.known(one).profiles.get('ada')!.name).toBe('ada');
    await names.open(one);
    expect(names.named(one)!.profiles.get('ada')!.name).toBe('Ada');
    const two = registered(registered(one, 'ben', 'Ben'), 'ada', 'Ada Vik');
    await names.open(two);
    await names.open(two);
    const named = names.named(two)!;
    expect([...named.profiles.values()].map(({ name }) => name).sort()).toEqual(['Ada Vik', 'Ben']);
    expect([...named.ids].filter(([, ids]) => ids.size > 0).map(([name]) => name)).toEqual(
      expect.arrayContaining(['ada', 'ada vik', 'ben']),
    );
    expect(asked.map(ids => ids.length)).toEqual([1, 2]);
  });

  test('an actor whose record lost is in no directory after it', async () => {
    const names = new ActorNames(store);
    const settled = registered(emptyDirectory, 'ada', 'Ada');
    const tip = registered(settled, 'ben', 'Ben');
    await names.open(tip);
    expect(names.named(tip)!.profiles.size).toBe(2);
    expect([...names.named(settled)!.profiles.keys()]).toEqual(['ada']);
    expect([...names.named(tip)!.profiles.keys()].sort()).toEqual(['ada', 'ben']);
  });

  test('an actor whose key is lost is known by the id, and all others by name', async () => {
    const names = new ActorNames(store);
    const both = registered(registered(emptyDirectory, 'ada', 'Ada'), 'ben', 'Ben');
    lost.add(textOf(both, 'ben'));
    expect(await names.open(both)).toBeUndefined();
    expect([...names.named(both)!.profiles.values()].map(({ name }) => name).sort()).toEqual(['Ada', 'ben']);
    // Nobody asks for it again with each command. It is found some seconds later.
    lost.clear();
    await names.open(both);
    expect(names.named(both)!.profiles.get('ben')!.name).toBe('ben');
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 6_000);
    await names.open(both);
    expect(names.named(both)!.profiles.get('ben')!.name).toBe('Ben');
    asked = [];
    await names.open(both);
    expect(asked).toEqual([]);
  });

  test('an actor whose key was destroyed is known by the id, and nobody asks for the key again', async () => {
    const gone = { keysOf: async (ids: Iterable<string>) => (asked.push([...ids]), new Map([...ids].map(destroyed))) };
    const names = new ActorNames(gone);
    const one = registered(emptyDirectory, 'ada', 'Ada');
    await names.open(one);
    asked = [];
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 6_000);
    await names.open(one);
    expect([asked, names.named(one)!.profiles.get('ada')!.name]).toEqual([[], 'ada']);
  });
});
