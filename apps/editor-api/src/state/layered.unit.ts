import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Layered, OldModel, type Ground } from './layered.js';
import { StateFile } from './state-file.js';

interface Thing {
  readonly said: string;
}
const tables = {
  'values as they are': { name: 'thing', write: JSON.stringify, read: JSON.parse },
  'values as JSON': { name: 'thing', write: JSON.stringify, read: JSON.parse, heldAsJson: true },
};

const keys = ['a', 'b', 'c', 'd', 'e'];
const key = fc.constantFrom(...keys);
const change = fc.oneof(fc.record({ key, said: fc.string() }), fc.record({ key, said: fc.constant(undefined) }));
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('change' as const), change }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('thaw', 'fix', 'write', 'carry over') }) },
);

test.each(Object.entries(tables))('any changes and flushes leave what a map holds: %s', (_, table) => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), acts => {
      const file = new StateFile(undefined, [table.name], [table.name]);
      const ground: Ground = { file, flushed: 0, damaged: () => undefined };
      const held = new Map<string, Thing>();
      let layered = Layered.of<Thing>(table, ground);
      let generation = 1;
      for (const each of acts) {
        if (each.do === 'change') {
          const { key, said } = each.change;
          layered = said === undefined ? layered.delete(key) : layered.set(key, { said });
          if (said === undefined) held.delete(key);
          else held.set(key, { said });
        }
        if (each.do === 'thaw') layered = layered.thawed();
        if (each.do === 'fix') layered = layered.fixed();
        if (each.do === 'carry over' || each.do === 'write') {
          layered = each.do === 'write' ? layered.nextGeneration() : layered.carriedOver();
          file.flushNow(layered.toWrite(), 'checkpoint');
          ground.flushed = generation++;
          layered = layered.written();
        }
        for (const one of keys) expect([layered.get(one), layered.has(one)]).toEqual([held.get(one), held.has(one)]);
        expect(layered.keysAfter('a', 3)).toEqual(
          [...held.keys()]
            .filter(one => one > 'a')
            .sort()
            .slice(0, 3),
        );
      }
      file.close();
    }),
  );
});

test('an earlier dictionary keeps its contents until the file takes in a later generation; then it throws', () => {
  const table = tables['values as JSON'];
  const file = new StateFile(undefined, [table.name], []);
  const ground: Ground = { file, flushed: 0, damaged: () => undefined };
  const early = Layered.of<Thing>(table, ground).set('a', { said: 'one' });
  const later = early.nextGeneration().set('a', { said: 'two' });
  expect([early.get('a'), early.get('b'), later.get('a')]).toEqual([{ said: 'one' }, undefined, { said: 'two' }]);
  file.flushNow(later.toWrite(), 'checkpoint');
  ground.flushed = 1;
  expect(early.get('a')).toEqual({ said: 'one' });
  expect(() => early.get('b')).toThrow(OldModel);
  expect([later.written().get('a'), file.get(table.name, 'a')]).toEqual([{ said: 'two' }, '{"said":"one"}']);
  file.close();
});
