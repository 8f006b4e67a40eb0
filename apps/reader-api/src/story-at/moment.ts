import type { AsOf } from '#contract';
import { longestAppendMs } from '#event-log';
import { knownAt, lastCommit, lastVisibility, readablePosition, visibleAt, type Reading } from '#projections';
import { Problem } from '#platform';
import { problem } from '../http/problems.js';
import { asksForPast, type AsOfQuery } from './query.js';

/** Which position is asked for; undefined when the present is. Where several things bind, the earliest does. */
export async function momentOf(reading: Reading, query: AsOfQuery): Promise<AsOf | undefined> {
  const { position, knownAt: known, visibleAt: visible, happenedBy } = query;
  if (!asksForPast(query)) return undefined;
  const bounds = [
    ...(position === undefined ? [] : [await within(reading, position)]),
    ...(known === undefined ? [] : [await recordedBy(reading, known)]),
    ...(visible === undefined ? [] : [await shownBy(reading, visible)]),
  ];
  const instants = Object.entries({ knownAt: known, visibleAt: visible, happenedBy }).filter(
    ([, at]) => at !== undefined,
  );
  // What readers got nothing of has no moment of its own: its position would say when it was.
  const earliest = await readablePosition(reading.client, Math.min(reading.position, ...bounds));
  return { position: earliest, build: reading.made, ...Object.fromEntries(instants) };
}

async function within({ client, position: last }: Reading, position: number): Promise<number> {
  const present = await readablePosition(client, last);
  if (position <= present) return position;
  const message = `must be a whole number from 1 to the present position, which is ${present}`;
  throw new Problem(422, 'invalid-field', `position: ${message}`, { errors: [{ field: 'position', message }] });
}

async function recordedBy({ client, position: present }: Reading, instant: string): Promise<number> {
  const last = await lastCommit(client);
  // Editors stamp a commit and then append it: one that was recorded by then may come so much later.
  const over = new Date(Date.parse(instant) + longestAppendMs).toISOString();
  const passed = last !== undefined && last.recorded >= over;
  const shown = await lastVisibility(client);
  if (!passed && shown && shown.last > present) throw problem('catching-up');
  return knownAt(client, instant);
}

async function shownBy({ client, position: present }: Reading, instant: string): Promise<number> {
  const position = await visibleAt(client, instant);
  if (position > present) throw problem('catching-up');
  return position;
}
