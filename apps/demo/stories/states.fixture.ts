import type { Cell } from '#contract';
import { expect } from '@jest/globals';
import type { Expected } from './expected.fixture.js';

export type ExpectedState = Expected['questions'][number]['states'][number];

/** Asserts that an actor's cells match a story's folder. `facts`: labels by development id. */
export function expectState(actor: readonly Cell[], state: ExpectedState, facts: ReadonlyMap<string, string>): void {
  const cells = actor.filter(cell => isAsked(cell, state));
  const newestFirst = cells.toSorted((a, b) => b.current!.position - a.current!.position);
  const found = newestFirst.map(({ current, citations }) => ({
    current: facts.get(current!.development),
    rests: citations.map(({ development }) => facts.get(development)),
  }));
  expect(found).toEqual(state.cells.map(({ current, rests }) => ({ current, rests })));
  newestFirst.forEach(({ current }, index) => {
    const { value, basis, standing, source, conditions } = state.cells[index]!;
    expect(current!.value).toMatchObject(value);
    if (basis) expect(current!.sourcing.basis).toBe(basis);
    if (standing) expect(current!.standing).toBe(standing);
    if (source) expect([current!.sourcing.actor, current!.sourcing.group]).toContain(source);
    if (conditions)
      expect(Object.fromEntries(current!.conditions.map(({ id, fate }) => [id, fate]))).toEqual(conditions);
  });
}

const isAsked = (cell: Cell, { facet, key, where }: ExpectedState) =>
  cell.facet === facet &&
  (key === undefined || cell.key === key) &&
  cell.current !== null &&
  Object.entries(where).every(([name, wanted]) => cell.current!.value[name] === wanted);
