import { z } from 'zod';

/** A position of the log, or an instant (ISO 8601, UTC, milliseconds). */
export type Moment = { readonly position: number } | { readonly instant: string };

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
/** `new Date` takes 30 February for 2 March. */
const isDay = (text: string): boolean => z.iso.date().safeParse(text).success;

/** Throws an error that names the allowed forms. */
export function momentOf(text: string): Moment {
  if (/^\d{1,9}$/.test(text)) return { position: Number(text) };
  const at = new Date(text);
  if (!instant.test(text) || !isDay(text.slice(0, 10)) || Number.isNaN(at.getTime()))
    throw new Error(
      `${text} must be a position, or an ISO 8601 instant with an offset such as 2026-01-31T09:00:00-09:00.`,
    );
  const utc = at.toISOString();
  // Instants are compared as text, which requires years of four digits.
  if (utc.length === '2026-01-31T09:00:00.000Z'.length) return { instant: utc };
  throw new Error(
    `${text} is the year ${utc.slice(0, utc.indexOf('-', 1))} in UTC, which cannot be compared. Give a year from 0000 to 9999.`,
  );
}

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const iso = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** The longest duration, in milliseconds: 10,000 years of 365 days. */
const longest = 3_650_000 * units.d;

/**
 * Milliseconds of `24h`, `30m`, `2d`, or of an ISO 8601 duration without months and years. Throws an error that names the
 * allowed forms.
 */
export function durationOf(text: string): number {
  const ms = millisecondsOf(text);
  if (ms <= longest) return ms;
  throw new Error(`${text} must be a duration of at most ${longest / units.d} days.`);
}

function millisecondsOf(text: string): number {
  const plain = /^(\d+)([smhd])$/.exec(text);
  if (plain) return Number(plain[1]) * units[plain[2] as keyof typeof units];
  const parts = iso.exec(text);
  if (!parts) throw new Error(`${text} must be a duration such as 24h, 30m, 2d or PT36H.`);
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map(part => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return (weeks * 7 + days) * units.d + hours * units.h + minutes * units.m + seconds * units.s;
}

/** A text such as `2 d 3 h`: the two largest units, the second one rounded down. */
export function durationText(ms: number): string {
  const parts = (['d', 'h', 'm', 's'] as const).map((unit, i, all) => {
    const larger = all[i - 1];
    const left = larger ? ms % units[larger] : ms;
    return { unit, count: Math.floor(left / units[unit]) };
  });
  const from = parts.findIndex(({ count }) => count > 0);
  if (from < 0) return '0 s';
  return parts
    .slice(from, from + 2)
    .filter(({ count }) => count > 0)
    .map(({ unit, count }) => `${count} ${unit}`)
    .join(' ');
}
