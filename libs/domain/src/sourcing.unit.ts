import { expect, test } from '@jest/globals';
import { bases, Modality, modes, Sourcing } from './sourcing.js';

const fields = (schema: typeof Sourcing | typeof Modality, value: object) =>
  schema.safeParse(value).error?.issues.map(issue => issue.path.join('.')) ?? [];

test.each(bases)('a source with the basis "%s" may name an actor, a group or neither, as that basis allows', basis => {
  const source = (more: object) => fields(Sourcing, { basis, standing: 'reported', ...more });
  expect(source({ actor: 'ada', group: 'two officials' })).toHaveLength(1);
  expect(source({ actor: 'ada' })).toEqual(basis === 'anonymous' ? ['actor', 'group'] : []);
  expect(source({ group: 'two officials' })).toEqual(basis === 'on-record' ? ['actor'] : []);
  expect(source({})).toEqual({ anonymous: ['group'], 'on-record': ['actor'] }[basis as string] ?? []);
});

test('a source with an unknown basis, standing or field is refused', () => {
  expect(fields(Sourcing, { basis: 'rumour', standing: 'sure' })).toEqual(['basis', 'standing']);
  expect(fields(Sourcing, { basis: 'desk', standing: 'reported', name: 'Ada' })).toEqual(['']);
});

test.each(modes)('the mode "%s" has conditions if and only if it is conditional', mode => {
  const conditional = mode === 'conditional';
  const conditions = [{ id: 'rain', text: 'If it rains' }];
  expect(fields(Modality, { mode })).toEqual(conditional ? ['conditions'] : []);
  expect(fields(Modality, { mode, conditions })).toEqual(conditional ? [] : ['conditions']);
});

test('a conditional development has one to ten conditions, each with an id and a text', () => {
  const condition = { id: 'rain', text: 'If it rains' };
  const on = (conditions: object[]) => fields(Modality, { mode: 'conditional', conditions });
  expect(on([])).toEqual(['conditions']);
  expect(on(Array(11).fill(condition))).toEqual(['conditions']);
  expect(on([{ ...condition, id: 'If it rains' }, { id: 'snow' }])).toEqual(['conditions.0.id', 'conditions.1.text']);
});
