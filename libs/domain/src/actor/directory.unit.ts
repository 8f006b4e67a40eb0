import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../errors.js';
import type { ActorProfile } from './actor.js';
import { emptyDirectory, evolveDirectory, nameOf, nameTaken, resolveActor, type Directory } from './directory.js';

const profile = (name: string, ...aliases: string[]): ActorProfile => ({
  name,
  kind: 'person',
  aliases,
  affiliations: [],
});
const directoryOf = (...entries: [id: string, profile: ActorProfile][]): Directory =>
  entries.reduce((all, [id, data]) => evolveDirectory(all, id, { type: 'ActorAmended', data }), emptyDirectory);

const ada = ['ada', profile('Ada Quist', 'Quist', 'Kvist')] as [string, ActorProfile];
const ben = ['ben', profile('Ben Ode', 'The Minister')] as [string, ActorProfile];

describe('a reference to an actor', () => {
  const directory = directoryOf(ada, ben);

  test.each(['ada', 'Ada Quist', 'ada QUIST', ' Kvist ', 'ＡＤＡ Quist'])(
    'the reference %p finds the actor by id, name or alias',
    ref => expect(resolveActor(directory, ref)).toBe('ada'),
  );

  test('a reference finds a name in either Unicode form of its accents', () => {
    const decomposed = 'José'.normalize('NFD');
    expect(resolveActor(directoryOf(['jose', profile('José'.normalize('NFC'))]), decomposed)).toBe('jose');
  });

  test('a reference that two actors match is refused with both ids', () => {
    const two = directoryOf(ada, ['zoe', profile('Zoe', 'quist')]);
    expect(resolveActor(two, 'Quist')).toMatchObject({ refused: 'ambiguous-actor', allowed: ['ada', 'zoe'] });
  });

  test("a reference that is one actor's id and another's alias finds the actor with that id", () =>
    expect(resolveActor(directoryOf(ada, ['zoe', profile('Zoe', 'ada')]), 'ada')).toBe('ada'));

  test('a reference that no actor matches is refused, and actors with a similar name are suggested', () => {
    expect(resolveActor(directory, 'Minister Ode-Vik')).toMatchObject({ refused: 'unknown-actor', allowed: ['ben'] });
    expect(resolveActor(directory, 'Xi')).toMatchObject({ refused: 'unknown-actor', allowed: [] });
  });

  test('an unknown reference gets ten suggestions at most', () => {
    const many = directoryOf(
      ...Array.from({ length: 30 }, (_, n) => [`m${n}`, profile(`Minister ${n}`)] as [string, ActorProfile]),
    );
    expect(resolveActor(many, 'minister')).toMatchObject({ allowed: { length: 10 } });
  });
});

describe('an actor whose entry was amended', () => {
  const directory = directoryOf(ada, ['ada', profile('Ada Vik', 'Quist')]);

  test('the actor is found by its new names only; its old names do not even suggest it', () => {
    expect(resolveActor(directory, 'Ada Vik')).toBe('ada');
    expect(resolveActor(directory, 'quist')).toBe('ada');
    expect(resolveActor(directory, 'Kvist')).toMatchObject({ refused: 'unknown-actor', allowed: [] });
    expect(nameOf(directory, 'ada')).toBe('Ada Vik');
  });

  test('an amendment that drops a shared alias ends the ambiguity', () => {
    const two = directoryOf(ada, ['zoe', profile('Zoe', 'Quist')], ['zoe', profile('Zoe')]);
    expect(resolveActor(two, 'Quist')).toBe('ada');
  });
});

describe('a new name', () => {
  const directory = directoryOf(ada, ben);
  const taken = (id: string, entry: ActorProfile, held = directory) => nameTaken(held, id, entry);

  test("a name is refused if it would make another actor's id, name or alias ambiguous", () => {
    const named = (path: (string | number)[], detail: RegExp) =>
      expect.objectContaining({ refused: 'name-taken', path, detail: expect.stringMatching(detail) });
    expect(taken('zoe', profile('Zoe', 'Z', 'quist'))).toEqual(named(['aliases', 1], /“quist” means ada already/));
    expect(taken('zoe', profile('Zoe', 'Ben Ode'))).toEqual(named(['aliases', 0], /means ben/));
    expect(taken('zoe', profile('Zoe', 'BEN'))).toEqual(named(['aliases', 0], /means ben/));
    expect(taken('zoe', profile('the minister'))).toEqual(named(['name'], /means ben/));
    expect(taken('quist', profile('Zoe'))).toEqual(named(['id'], /means ada/));
  });

  test('two actors may have the same name; a reference by that name is then refused as ambiguous', () => {
    expect(taken('ada-2', profile('Ada Quist'))).toBeUndefined();
    const two = directoryOf(ada, ['ada-2', profile('Ada Quist')]);
    expect(resolveActor(two, 'Ada Quist')).toMatchObject({ refused: 'ambiguous-actor', allowed: ['ada', 'ada-2'] });
  });

  test('an actor may keep names that it already has, even if another actor got the same one at the same time', () => {
    expect(taken('ada', profile('Ada Vik', 'Quist', 'Ada Quist', 'ada'))).toBeUndefined();
    const raced = directoryOf(ada, ['zoe', profile('Zoe', 'Quist')]);
    expect(taken('zoe', profile('Zoe Vik', 'Quist'), raced)).toBeUndefined();
    expect(taken('zoe', profile('Zoe', 'Kvist'), raced)).toMatchObject({ path: ['aliases', 0] });
  });

  test('a name that another actor has given up is free', () =>
    expect(taken('zoe', profile('Zoe', 'Quist'), directoryOf(ada, ['ada', profile('Ada')]))).toBeUndefined());
});

test("a directory resolves references from each actor's last entry only, in any order of entries", () => {
  const names = fc.constantFrom('Quist', 'quist', 'Vik', 'Ode', 'ada', 'constructor', '__proto__');
  const entry = fc.tuple(
    fc.constantFrom('ada', 'ben', 'zoe', 'constructor'),
    fc.tuple(names, names).map(([n, a]) => profile(n, a)),
  );
  fc.assert(
    fc.property(fc.array(entry), entries => {
      const directory = directoryOf(...(entries as [string, ActorProfile][]));
      const fresh = directoryOf(...directory.profiles.entries());
      for (const ref of ['Quist', 'VIK', 'ode', 'ada', 'Ada', 'constructor', '__proto__', 'zoe']) {
        const [found, due] = [resolveActor(directory, ref), resolveActor(fresh, ref)];
        expect(found).toEqual(due);
        if (!isRefusal(found)) expect(directory.profiles.has(found)).toBe(true);
      }
    }),
  );
});
