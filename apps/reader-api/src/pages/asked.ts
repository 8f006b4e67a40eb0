import { Problem } from '#platform';
import { clocks, instantOf, type Asked, type Clock } from '#pages';
import { z } from 'zod';
import { AsOfQuery } from '../as-of/query.js';
import { pageParameters } from './query.js';

const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/;

/** A moment as a page is asked for it: `at` by the story's clocks, or as an instant with an offset. */
export const askedShape = { clock: z.enum(clocks).optional(), at: z.string().max(40).optional() };
export const AskedQuery = pageParameters(askedShape);
export type AskedQuery = z.infer<typeof AskedQuery>;

/** The moment, in UTC; undefined for now. Throws a 422 for what is no time. */
export function askedIn({ clock = 'visible', at }: AskedQuery, zone: string): Asked | undefined {
  if (at === undefined) return undefined;
  const instant = local.test(at) && !Number.isNaN(Date.parse(`${at}Z`)) ? instantOf(at, zone) : at;
  const read = AsOfQuery.safeParse({ knownAt: instant });
  if (read.success) return { clock, at: read.data.knownAt! };
  const message = `must be a time such as 2026-01-31T09:00, by the story’s clocks (${zone})`;
  throw new Problem(422, 'invalid-field', `at: ${message}`, { errors: [{ field: 'at', message }] });
}

const parameters: Record<Clock, keyof AsOfQuery> = {
  visible: 'visibleAt',
  known: 'knownAt',
  happened: 'happenedBy',
};

/** The same question, as the readers' API has it. */
export const asOfQuery = (asked: Asked | undefined): AsOfQuery =>
  asked ? { [parameters[asked.clock]]: asked.at } : {};
