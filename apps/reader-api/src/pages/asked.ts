import { clocks, instantOf, type Asked, type Clock } from '#pages';
import { Problem } from '#platform';
import type { Reading } from '#projections';
import { z } from 'zod';
import { AsOfQuery, asOfParameters } from '../story-at/moment.js';
import { storyNow, viewOf, type StoryView } from '../story-at/index.js';

const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/;

/** A moment as a page is asked for it: `at` by the story's clocks, or as an instant with an offset; or a position of the log. */
export const askedShape = {
  clock: z.enum(clocks).optional(),
  at: z.string().max(40).optional(),
  position: asOfParameters.position,
};
export type AskedQuery = z.infer<z.ZodObject<typeof askedShape>>;

/** Whether a moment of the past is asked for. */
export const asksForMoment = ({ at, position }: AskedQuery): boolean => at !== undefined || position !== undefined;

/** The instant that the field `named` holds, in UTC. Throws a 422 for what is no time. */
export function instantAsked(at: string, zone: string, named: 'at' | 'with' = 'at'): string {
  const instant = local.test(at) && !Number.isNaN(Date.parse(`${at}Z`)) ? instantOf(at, zone) : at;
  const read = AsOfQuery.safeParse({ knownAt: instant });
  if (read.success) return read.data.knownAt!;
  const message = `must be a time such as 2026-01-31T09:00, in the story’s time zone (${zone})`;
  throw new Problem(422, 'invalid-field', `${named}: ${message}`, { errors: [{ field: named, message }] });
}

const parameters = { visible: 'visibleAt', known: 'knownAt', happened: 'happenedBy' } as const satisfies Record<
  Clock,
  keyof AsOfQuery
>;

/** The same question, as the readers' API has it. */
export const asOfQuery = (asked: Asked | undefined): AsOfQuery =>
  asked ? { [parameters[asked.clock]]: asked.at } : {};

/** The story as the page is asked for it, and the moment that the page says it is of: undefined for now. */
export async function viewAsked(
  reading: Reading,
  story: string,
  { clock = 'visible', at, position }: AskedQuery,
): Promise<{ view: StoryView; asked: Asked | undefined }> {
  if (position !== undefined) {
    const view = await viewOf(reading, story, { position });
    // Of a position, what was recorded last until then says when it was.
    return { view, asked: { clock: 'known', at: view.story.recorded } };
  }
  const now = await storyNow(reading, story);
  if (at === undefined) return { view: now, asked: undefined };
  const asked = { clock, at: instantAsked(at, now.story.zone) };
  return { view: await viewOf(reading, story, asOfQuery(asked)), asked };
}

const { knownAt, visibleAt, happenedBy } = asOfParameters;
/** The moments that pages have other names for: who asks with the API's names is sent on. */
export const momentShape = { knownAt, visibleAt, happenedBy };
type MomentQuery = z.infer<z.ZodObject<typeof momentShape>>;

const moments = ['at', 'position', 'knownAt', 'visibleAt', 'happenedBy'] as const;

/** Throws a 422 where a page is asked for two moments, or for a moment and something of `others` that does not go with it. */
export function checkOneMoment(query: AskedQuery & MomentQuery, others: readonly string[] = []): void {
  const asked = moments.filter(name => query[name] !== undefined);
  if (asked.length === 0) return;
  const clock = query.clock !== undefined && query.at === undefined ? ['clock'] : [];
  const all = [...asked, ...clock, ...others];
  if (all.length === 1) return;
  const errors = all.map(field => ({
    field,
    message: `cannot be combined with ${all.filter(other => other !== field).join(', ')}; leave one out`,
  }));
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw new Problem(422, 'invalid-field', detail, { errors });
}

/** The query by which a page shows the moment that is asked for by the API's names; undefined where none is. */
export function inPageTerms(query: MomentQuery): string | undefined {
  const named = (Object.entries(parameters) as [Clock, keyof MomentQuery][]).find(([, name]) => query[name]);
  return named && String(new URLSearchParams({ clock: named[0], at: query[named[1]]! }));
}
