import { expect } from '@jest/globals';
import { audit, lastLine, succeeds } from '../harness/audit.js';
import type { ExpectedEvent } from './expected.js';
import type { Performance } from './perform.js';

interface Told {
  readonly position: number;
  readonly act: string;
  readonly development: string | null;
  readonly by: { readonly id: string };
  readonly other: string | null;
  readonly recorded: string;
  readonly visible: string | null;
  readonly changes: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
}

/** What the auditors' command line answers, as a machine reads it. */
export async function ask({ newsroom }: Performance, ...args: string[]) {
  return lastLine(await succeeds(audit(newsroom, ...args, '--json')));
}

/** Holds what auditors are told of events against what was written by hand: those and no others, in that order. */
export function expectEvents(
  { facts, noted }: Performance,
  told: readonly Told[],
  wanted: readonly ExpectedEvent[],
): void {
  const named = (id: string | null) => (id === null ? null : (facts.get(id) ?? id));
  expect(told.map(({ position, act, development }) => [position, act, named(development)])).toEqual(
    wanted.map(({ at, act, of }) => [at, act, of]),
  );
  const expectBetween = (instant: string | null, between: ExpectedEvent['recorded']) => {
    if (between === null) expect(instant).toBeNull();
    if (!between) return;
    const [after, by] = between;
    if (after !== null) expect(instant! > noted.get(after)!).toBe(true);
    expect(instant! <= noted.get(by)!).toBe(true);
  };
  told.forEach((event, i) => {
    const { at: _at, act: _act, of: _of, by, other, recorded, visible, changed, ...rest } = wanted[i]!;
    expect(event).toMatchObject(rest);
    if (by !== undefined) expect(event.by.id).toBe(by);
    if (other !== undefined) expect(named(event.other)).toBe(other);
    expectBetween(event.recorded, recorded);
    expectBetween(event.visible, visible);
    const changes = Object.fromEntries(event.changes.map(({ field, before, after }) => [field, [before, after]]));
    if (changed) expect(changes).toEqual(changed);
  });
}
