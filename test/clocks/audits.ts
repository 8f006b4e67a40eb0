import { expect, test } from '@jest/globals';
import { audit, lastLine, succeeds } from '../harness/audit.js';
import type { Audits, ExpectedEvent } from './expected.js';
import type { Performance } from './perform.js';

interface AuditAnswer {
  readonly position: number;
  readonly act: string;
  readonly development: string | null;
  readonly by: { readonly id: string };
  readonly other: string | null;
  readonly proposal: string | null;
  readonly recorded: string;
  readonly visible: string | null;
  readonly changes: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
}

/** The JSON answer of the audit command line. */
async function ask({ newsroom }: Performance, ...args: string[]) {
  return lastLine(await succeeds(audit(newsroom, ...args, '--json')));
}

/** Defines a test for each question. `performed` gives the performance when the tests run. */
export function auditorsAsk(performed: () => Performance, { gaps, diffs, trails, lates }: Audits): void {
  const storyIn = ({ story }: Performance) => story.story.id;

  test.each(gaps)('$ask', async ({ at, known, visible, entries }) => {
    const it = performed();
    const answer = await ask(it, 'gap', storyIn(it), '--at', it.noted.get(at)!);
    expect(answer).toMatchObject({ known, visible });
    expectEvents(it, answer.entries, entries);
  });

  test.each(diffs)('$ask', async ({ from, to, positions, entries }) => {
    const it = performed();
    const moment = (on: string | number) => it.noted.get(String(on)) ?? String(on);
    const answer = await ask(it, 'diff', storyIn(it), '--from', moment(from), '--to', moment(to));
    expect([answer.from, answer.to]).toEqual(positions);
    expectEvents(it, answer.entries, entries);
  });

  test.each(trails)('$ask', async ({ of, rests, entries }) => {
    const it = performed();
    const about =
      'fact' in of
        ? [it.ids.get(of.fact)!]
        : ['--actor', of.actor, '--facet', of.facet, ...(of.key ? ['--key', of.key] : [])];
    const answer = await ask(it, 'trail', storyIn(it), ...about);
    if (rests) expect(answer.developments.map((id: string) => it.facts.get(id)).sort()).toEqual(rests);
    expectEvents(it, answer.entries, entries);
  });

  test.each(lates)('$ask', async ({ over, late }) => {
    const it = performed();
    const answer: { late: { development: string; lateMs: number }[] } = await ask(it, 'late', '--over', over);
    expect(answer.late.map(({ development }) => it.facts.get(development))).toEqual(late.map(({ of }) => of));
    answer.late.forEach(({ lateMs }, i) => {
      const [least, most] = late[i]!.hours;
      expect(lateMs / 3_600_000).toBeGreaterThanOrEqual(least);
      expect(lateMs / 3_600_000).toBeLessThan(most);
    });
  });
}

/** Asserts that auditors see exactly the expected events, in order. */
function expectEvents(
  { facts, noted, commits }: Performance,
  answer: readonly AuditAnswer[],
  wanted: readonly ExpectedEvent[],
): void {
  const named = (id: string | null) => (id === null ? null : (facts.get(id) ?? id));
  expect(answer.map(({ position, act, development }) => [position, act, named(development)])).toEqual(
    wanted.map(({ at, act, of }) => [at, act, of]),
  );
  const expectBetween = (instant: string | null, between: ExpectedEvent['recorded']) => {
    if (between === null) expect(instant).toBeNull();
    if (!between) return;
    const [after, by] = between;
    if (after !== null) expect(instant! > noted.get(after)!).toBe(true);
    expect(instant! <= noted.get(by)!).toBe(true);
  };
  answer.forEach((event, i) => {
    const { at: _at, act: _act, of: _of, by, other, proposed, recorded, visible, changed, ...rest } = wanted[i]!;
    expect(event).toMatchObject(rest);
    if (by !== undefined) expect(event.by.id).toBe(by);
    if (other !== undefined) expect(named(event.other)).toBe(other);
    if (proposed !== undefined) expect(event.proposal).toBe(commits.get(proposed));
    expectBetween(event.recorded, recorded);
    expectBetween(event.visible, visible);
    const changes = Object.fromEntries(event.changes.map(({ field, before, after }) => [field, [before, after]]));
    if (changed) expect(changes).toEqual(changed);
  });
}
