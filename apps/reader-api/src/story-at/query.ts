import { z } from 'zod';

const instantError = 'must be an ISO 8601 instant with an offset or Z, such as 2026-01-31T09:00:00-09:00';
const positionError = 'must be a whole number from 1 to the present position';
// In the years that ISO 8601 writes with four digits, texts sort as instants do.
const fourDigits = /^\d{4}-/;

/** Gives ISO 8601 in UTC with milliseconds. A plus sign that was not escaped in a query arrives as a space. */
const Instant = (description: string) =>
  z
    .preprocess(
      value => (typeof value === 'string' ? value.replace(/ (?=\d\d:\d\d$)/, '+') : value),
      z.iso.datetime({ offset: true, error: instantError }).transform((text, context) => {
        const instant = new Date(text).toISOString();
        if (!fourDigits.test(instant)) context.addIssue({ code: 'custom', message: instantError });
        return instant;
      }),
    )
    .optional()
    .meta({ description, type: 'string', format: 'date-time' });

/** The moment of a story that is asked for; several bind together. */
export const asOfParameters = {
  position: z.coerce.number(positionError).int(positionError).min(1, positionError).optional().meta({
    description: 'As it stood when so many commits of the log had won.',
  }),
  knownAt: Instant('As the newsroom knew it at this instant: of what had been recorded by then.'),
  visibleAt: Instant('As readers could see it at this instant.'),
  happenedBy: Instant('Of what is known, only what is known to have begun by this instant.'),
};

export const AsOfQuery = z.strictObject(asOfParameters);
export type AsOfQuery = z.infer<typeof AsOfQuery>;

const moments = Object.keys(asOfParameters) as (keyof AsOfQuery)[];

/** Whether a moment is asked for, rather than the present. */
export const asksForPast = (query: AsOfQuery): boolean => moments.some(name => query[name] !== undefined);
