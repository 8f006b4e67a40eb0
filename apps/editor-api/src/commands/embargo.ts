import { Embargo, refuse, type Refusal } from '#domain';
import { z } from 'zod';

const error = 'must be an ISO 8601 instant with an offset or Z, such as 2026-01-31T09:00:00-09:00';

/** An embargo as an editor gives it: the hour with any offset, kept in UTC. */
export const EmbargoBody = z
  .strictObject({
    until: z.iso
      .datetime({ offset: true, error })
      .transform(text => new Date(text).toISOString())
      .refine(text => /^\d{4}-/.test(text), 'must be before the year 10000 in UTC')
      .pipe(Embargo.shape.until.unwrap())
      .optional()
      .meta({
        description: 'When it lifts by itself; without it, it is lifted by hand alone.',
        type: 'string',
        format: 'date-time',
      }),
  })
  .meta({ id: 'Embargo', description: 'Readers get nothing of the development before it is lifted.' });

/** An hour that is over would lift it at once: that is a slip of the pen, and what readers have read is not taken back. */
export function overAlready({ until }: Embargo, path: readonly string[]): Refusal | undefined {
  if (until === undefined || Date.parse(until) > Date.now()) return undefined;
  return refuse('invalid-field', { path: [...path, 'until'], detail: 'must lie in the future' });
}
