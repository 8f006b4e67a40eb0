import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../errors.js';
import type { ActorProfile } from './actor.js';
import { emptyDirectory, evolveDirectory, nameOf, resolveActor, type Directory } from './directory.js';

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

  test.each(['ada', 'Ada Quist', 'ada QUIST', ' Kvist ', 'ＡＤＡ Quist'])('finds it by %p', ref =>
    expect(resolveActor(directory, ref)).toBe('ada'),
  );

  test('finds a name however its accents are composed', () => {
    const decomposed = 'José'.normalize('NFD');
    expect(resolveActor(directoryOf(['jose', profile('José'.normalize('NFC'))]), decomposed)).toBe('jose');
  });

  test('that two answer to is refused with the ids of both', () => {
    const two = directoryOf(ada, ['zoe', profile('Zoe', 'quist')]);
    expect(resolveActor(two, 'Quist')).toMatchObject({ refused: 'ambiguous-actor', allowed: ['ada', 'zoe'] });
  });

  test('that is one’s id and another’s alias means the id', () =>
    expect(resolveActor(directoryOf(ada, ['zoe', profile('Zoe', 'ada')]), 'ada')).toBe('ada'));

  test('that nobody answers to is refused with those of a similar name', () => {
    expect(resolveActor(directory, 'Minister Ode-Vik')).toMatchObject({ refused: 'unknown-actor', allowed: ['ben'] });
    expect(resolveActor(directory, 'Xi')).toMatchObject({ refused: 'unknown-actor', allowed: [] });
  });

  test('gets ten suggestions at most', () => {
    const many = directoryOf(
      ...Array.from({ length: 30 }, (_, n) => [`m${n}`, profile(`Minister ${n}`)] as [string, ActorProfile]),
    );
    expect(resolveActor(many, 'minister')).toMatchObject({ allowed: { length: 10 } });
  });
});

describe('an amended entry', () => {
  const directory = directoryOf(ada, ['ada', profile('Ada Vik', 'Quist')]);

  test('is found by its new names and no longer by its old ones, not even as a suggestion', () => {
    expect(resolveActor(directory, 'Ada Vik')).toBe('ada');
    expect(resolveActor(directory, 'quist')).toBe('ada');
    expect(resolveActor(directory, 'Kvist')).toMatchObject({ refused: 'unknown-actor', allowed: [] });
    expect(nameOf(directory, 'ada')).toBe('Ada Vik');
  });

  test('ends an ambiguity', () => {
    const two = directoryOf(ada, ['zoe', profile('Zoe', 'Quist')], ['zoe', profile('Zoe')]);
    expect(resolveActor(two, 'Quist')).toBe('ada');
  });
});

test('a directory knows exactly the last entries, in whatever order they came', () => {
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
