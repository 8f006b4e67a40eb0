import { z } from 'zod';

const beginning = { second: '09:30:15', minute: '09:30:00', hour: '09:00:00', day: '00:00:00' } as const;
const seconds = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;
/** The precisions of a time, finest first. Stored names: they never change. */
export const precisions = ['second', 'minute', 'hour', 'day', 'unknown'] as const;

const error = 'must be an ISO 8601 instant with whole seconds and an offset, such as 2026-01-31T09:00:00-09:00';
// No time zone is more than 14 hours from UTC, and the calendar has no year 0.
const Instant = z.iso
  .datetime({ offset: true, precision: 0, error })
  .regex(/^(?!0000).{19}(Z|[+-](0\d|1[0-3]):\d\d|[+-]14:00)$/, error);

/** The most digits of a fraction of a second: nanoseconds, as the finest of clients' libraries write them. */
const mostDigits = 9;
const sentError = `must be an ISO 8601 instant with an offset, such as 2026-01-31T09:00:00-09:00, and at most ${mostDigits} digits of a second`;
const SentInstant = z.iso
  .datetime({ offset: true, error: sentError })
  .regex(new RegExp(`^(?!0000).{19}(\\.\\d{1,${mostDigits}})?(Z|[+-](0\\d|1[0-3]):\\d\\d|[+-]14:00)$`), sentError)
  .meta({ description: 'Fractions of a second are cut, and the answer says so.' });

const withoutFraction = (instant: string) => instant.replace(/\.\d+/, '');

/** The wall clock of the instant's offset, read as UTC, in seconds: a day starts at the reporter's midnight. */
const local = (instant: string) => Date.parse(instant.slice(0, 19) + 'Z') / 1000;
const whole = (instant: string, precision: keyof typeof seconds) => local(instant) % seconds[precision] === 0;
const notWhole = (precision: keyof typeof seconds) =>
  `must be a whole ${precision}, as its precision requires, such as 2026-01-31T${beginning[precision]}-09:00`;

const occurredWith = (instant: z.ZodType<string, string>) =>
  z
    .strictObject({ from: instant.optional(), to: instant.optional(), precision: z.enum(precisions) })
    .check(({ value, issues }) => {
      const bad = (field: 'from' | 'to', message: string) =>
        issues.push({ code: 'custom', path: [field], message, input: value[field] });
      const { from, to, precision } = cutToSecond(value);
      if (!from && precision !== 'unknown') bad('from', 'must be given unless the precision is unknown');
      if (from && to && Date.parse(from) >= Date.parse(to)) bad('to', 'must be later than occurred.from');
      if (precision === 'unknown') return;
      if (from && !whole(from, precision)) bad('from', notWhole(precision));
      if (to && !whole(to, precision)) bad('to', notWhole(precision));
    });

/**
 * When it happened in the world: a half-open interval that includes `from` and not `to`. Without `to` it lasts one unit of the
 * precision. Values finer than the precision are refused, so that no time is invented.
 */
export const Occurred = occurredWith(Instant).meta({ id: 'Occurred' });
export type Occurred = z.infer<typeof Occurred>;

/** An `Occurred` as a client may send it: instants may have fractions of a second. */
export const SentOccurred = occurredWith(SentInstant).meta({ id: 'SentOccurred' });

/** The same with whole seconds: fractions are cut, never rounded up to a second that had not begun. */
export const cutToSecond = ({ from, to, precision }: Occurred): Occurred => ({
  ...(from !== undefined && { from: withoutFraction(from) }),
  ...(to !== undefined && { to: withoutFraction(to) }),
  precision,
});

/**
 * By when it is known to have begun, in milliseconds since 1970: its beginning, or else its end. Null where neither is known.
 */
export function begunBy({ from, to }: Pick<Occurred, 'from' | 'to'>): number | null {
  const known = from ?? to;
  const at = known === undefined ? NaN : Date.parse(known);
  return Number.isNaN(at) ? null : at;
}

/** The interval in milliseconds since 1970; an unknown end is infinite. */
export function interval(occurred: Occurred): { from: number; to: number } {
  const from = occurred.from ? Date.parse(occurred.from) : -Infinity;
  if (occurred.to) return { from, to: Date.parse(occurred.to) };
  const to = occurred.precision === 'unknown' ? Infinity : from + seconds[occurred.precision] * 1000;
  return { from, to };
}
