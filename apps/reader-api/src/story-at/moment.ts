import type { AsOf } from '#contract';
import { isInFourDigitYears, yearsError } from '#domain';
import { longestAppendMs } from '#event-log';
import { lastRecorded, lastVisibility, readableAt, readablePosition, visibleAt, type Reading } from '#projections';
import { problem, wrongPosition } from '../http/problems.js';
import { z } from 'zod';

const instantError = 'must be an ISO 8601 instant with an offset or Z, such as 2026-01-31T09:00:00-09:00';
const positionError = 'must be a whole number from 1 to the present position';

/** An instant, normalised to ISO 8601 in UTC with milliseconds. An unescaped plus sign in a query arrives as a space. */
const Instant = (description: string) =>
  z
    .preprocess(
      value => (typeof value === 'string' ? value.replace(/ (?=\d\d:\d\d$)/, '+') : value),
      z.iso.datetime({ offset: true, error: instantError }).transform((text, context) => {
        if (!isInFourDigitYears(text)) context.addIssue({ code: 'custom', message: yearsError });
        return new Date(text).toISOString();
      }),
    )
    .optional()
    .meta({ description, type: 'string', format: 'date-time' });

/** Query parameters for a moment of a story. Several together restrict the result further. */
export const asOfParameters = {
  position: z.coerce.number(positionError).int(positionError).min(1, positionError).optional().meta({
    description: 'The state at this position of the log.',
  }),
  knownAt: Instant('As the newsroom knew it at this instant: everything recorded by then.'),
  visibleAt: Instant('As readers could see it at this instant.'),
  happenedBy: Instant('Only what is known to have begun by this instant.'),
};

/** The query for a moment of a story. */
export const AsOfQuery = z.strictObject(asOfParameters);
export type AsOfQuery = z.infer<typeof AsOfQuery>;

const moments = Object.keys(asOfParameters) as (keyof AsOfQuery)[];

/** Whether the query asks for the past. */
export const asksForPast = (query: AsOfQuery): boolean => moments.some(name => query[name] !== undefined);

/** The position that the query asks for; undefined for the present. Of several bounds the earliest counts. */
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
  // A commit that showed readers nothing must not reveal its position, because that would reveal its time.
  const earliest = await readablePosition(reading.client, Math.min(reading.position, ...bounds));
  return { position: earliest, build: reading.made, ...Object.fromEntries(instants) };
}

async function within({ client, position: last }: Reading, position: number): Promise<number> {
  const present = await readablePosition(client, last);
  if (position <= present) return position;
  throw wrongPosition('position', 1, present);
}

async function recordedBy({ client, position: present }: Reading, instant: string): Promise<number> {
  const last = await lastRecorded(client);
  // Editors stamp a commit before they append it, so a commit recorded by then may arrive this much later.
  const over = new Date(Date.parse(instant) + longestAppendMs).toISOString();
  const passed = last !== undefined && last >= over;
  const shown = await lastVisibility(client);
  if (!passed && shown && shown.last > present) throw problem('catching-up');
  return readableAt(client, instant);
}

async function shownBy({ client, position: present }: Reading, instant: string): Promise<number> {
  const position = await visibleAt(client, instant);
  if (position > present) throw problem('catching-up');
  return position;
}
