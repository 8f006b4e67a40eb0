import { knownAt, lastCommit, lastVisibility, quarantines, visibleAt, type Reading } from '#projections';
import { Problem } from '#platform';
import { problem } from '../http/problems.js';
import type { AsOf, AsOfQuery } from './query.js';

// Editors stamp a commit before they append it, and an append that takes longer is given up.
const appendMs = 10_000;

/** A moment that was asked for, as a position. */
export interface Moment {
  readonly asOf: AsOf;
  /** Whether the same question will have this position for ever. */
  readonly fixed: boolean;
}

/** Which position is asked for; undefined when the present is. Where several things bind, the earliest does. */
export async function momentOf(reading: Reading, query: AsOfQuery): Promise<Moment | undefined> {
  const { position, knownAt: known, visibleAt: visible, happenedBy } = query;
  if ([position, known, visible, happenedBy].every(asked => asked === undefined)) return undefined;
  const bounds = [
    ...(position === undefined ? [] : [within(reading, position)]),
    ...(known === undefined ? [] : [await recordedBy(reading, known)]),
    ...(visible === undefined ? [] : [await shownBy(reading, visible)]),
  ];
  const earliest = Math.min(reading.position, ...bounds.map(bound => bound.position));
  // The others may come to be later positions yet, and never earlier ones.
  const fixed = bounds.some(bound => bound.fixed && bound.position === earliest);
  const instants = Object.entries({ knownAt: known, visibleAt: visible, happenedBy }).filter(
    ([, at]) => at !== undefined,
  );
  const asOf = { position: earliest, build: reading.build, ...Object.fromEntries(instants) };
  // What is not folded yet of a stream in quarantine will be, at its old positions.
  return { asOf, fixed: fixed && !(await quarantines(reading.client)) };
}

type Bound = { readonly position: number; readonly fixed: boolean };

function within({ position: present }: Reading, position: number): Bound {
  if (position <= present) return { position, fixed: true };
  const message = `must be a whole number from 1 to the present position, which is ${present}`;
  throw new Problem(422, 'invalid-field', `position: ${message}`, { errors: [{ field: 'position', message }] });
}

async function recordedBy({ client, position: present }: Reading, instant: string): Promise<Bound> {
  const last = await lastCommit(client);
  const over = new Date(Date.parse(instant) + appendMs).toISOString();
  const fixed = last !== undefined && last.recorded >= over;
  const shown = await lastVisibility(client);
  if (!fixed && shown && shown.last > present) throw problem('catching-up');
  return { position: await knownAt(client, instant), fixed };
}

async function shownBy({ client, position: present }: Reading, instant: string): Promise<Bound> {
  const position = await visibleAt(client, instant);
  if (position > present) throw problem('catching-up');
  const last = await lastVisibility(client);
  return { position, fixed: last !== undefined && last.at > instant };
}
