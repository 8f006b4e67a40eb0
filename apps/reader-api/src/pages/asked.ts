import { clocks, instantOf, type Asked, type Clock } from '#pages';
import { Problem } from '#platform';
import type { Reading } from '#projections';
import type { Response } from 'express';
import { z } from 'zod';
import { PageQuery } from '../http/timeline-query.js';
import { storyNow, viewOf, type StoryView } from '../story-at/index.js';
import { asOfParameters, AsOfQuery } from '../story-at/moment.js';

/** Parameters that mail programs, networks and advertisers add to count visits. They are ignored. */
const counting = /^(utm_[a-z_]+|(fb|g|ms|tw|ig|y|li_fat_)(cl)?id|(gb|wb)raid|dclid|igsh|mc_[ce]id|_gl)$/;

const empty = (value: unknown) => typeof value === 'string' && value.trim() === '';

/** The parameters of a page. It ignores empty form fields and visit counters, and refuses any other unknown parameter. */
export const pageParameters = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess(
    query =>
      Object.fromEntries(
        Object.entries(query as object).filter(
          ([name, value]) => !(empty(value) && Object.hasOwn(shape, name)) && !counting.test(name),
        ),
      ),
    z.strictObject(shape),
  );

const { order, cursor, type, actor, key, words } = PageQuery.shape;
/** The parameters of a story's page, by name. */
export const storyPageShape = { order, cursor, type, actor, key, words };

/** The parameters of a story's page. */
export type StoryPageQuery = z.infer<z.ZodObject<typeof storyPageShape>>;

const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/;
/** `Date.parse` takes 30 February for 2 March. */
const isLocal = (at: string): boolean =>
  local.test(at) && z.iso.date().safeParse(at.slice(0, 10)).success && !Number.isNaN(Date.parse(`${at}Z`));

/**
 * The parameters for a page's moment: `at` by the story's clocks or as an instant with an offset, or a position of the log.
 */
export const askedShape = {
  clock: z.enum(clocks).optional(),
  at: z.string().max(40).optional(),
  position: asOfParameters.position,
};
/** The parsed parameters for a page's moment. */
export type AskedQuery = z.infer<z.ZodObject<typeof askedShape>>;

/** Reads the instant in the field `named`, in UTC. Throws a 422 for an invalid time. */
export function instantAsked(at: string, zone: string, named: 'at' | 'with' = 'at'): string {
  const instant = isLocal(at) ? instantOf(at, zone) : at;
  const read = AsOfQuery.safeParse({ knownAt: instant });
  if (read.success) return read.data.knownAt!;
  const message = `must be a time such as 2026-01-31T09:00, in the story’s time zone (${zone})`;
  throw new Problem(422, 'invalid-field', `${named}: ${message}`, { errors: [{ field: named, message }] });
}

const parameters = { visible: 'visibleAt', known: 'knownAt', happened: 'happenedBy' } as const satisfies Record<
  Clock,
  keyof AsOfQuery
>;

/** The same moment as a query of the readers' API. */
export const asOfQuery = (asked: Asked | undefined): AsOfQuery =>
  asked ? { [parameters[asked.clock]]: asked.at } : {};

/** The story at the requested moment, and the moment that the page displays; undefined for the present. */
export async function viewAsked(
  reading: Reading,
  story: string,
  { clock = 'visible', at, position }: AskedQuery,
): Promise<{ view: StoryView; asked: Asked | undefined }> {
  if (position !== undefined) {
    const view = await viewOf(reading, story, { position });
    // For a position, the displayed moment is the time of the last commit up to it.
    return { view, asked: { clock: 'known', at: view.story.recorded } };
  }
  const now = await storyNow(reading, story);
  if (at === undefined) return { view: now, asked: undefined };
  const asked = { clock, at: instantAsked(at, now.story.zone) };
  return { view: await viewOf(reading, story, asOfQuery(asked)), asked };
}

const { knownAt, visibleAt, happenedBy } = asOfParameters;
/** The API's names for moments. Pages use other names, and redirect requests with these. */
export const momentShape = { knownAt, visibleAt, happenedBy };
type MomentQuery = z.infer<z.ZodObject<typeof momentShape>>;

const moments = ['at', 'position', 'knownAt', 'visibleAt', 'happenedBy'] as const;

/** Throws a 422 if a request holds two moments, or a moment and a parameter in `others` that excludes it. */
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

/** Redirects to the page that shows the requested moment. A later request may lead elsewhere, so a copy is asked about again. */
export function sendOn(response: Response, path: string, query: Readonly<Record<string, string>>): void {
  response.setHeader('Cache-Control', 'no-cache').redirect(302, `${path}?${new URLSearchParams(query)}`);
}

/** Redirects a request that names its moment as the API does to the names of pages, with these other parameters. Whether it did. */
export function isSentOn(
  response: Response,
  path: string,
  query: MomentQuery,
  others: Readonly<Record<string, unknown>> = {},
): boolean {
  const named = (Object.entries(parameters) as [Clock, keyof MomentQuery][]).find(([, name]) => query[name]);
  if (!named) return false;
  const kept = Object.entries(others).filter(([, value]) => value !== undefined);
  sendOn(response, path, { clock: named[0], at: query[named[1]]!, ...Object.fromEntries(kept) });
  return true;
}
