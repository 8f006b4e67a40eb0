import { longestTexts } from './limits.js';

/** Controls, characters that direct writing, and those that XML cannot hold. */
const unwanted = /[\p{Cc}\p{Cs}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufffe\uffff\ufeff]/gu;
const visible = /[^\s\p{Z}\p{Cc}\p{Cf}]/u;

/** A text from a page on one line, without characters that would steer the text around it, cut to `most` characters. */
export function line(text: unknown, most: number): string | undefined {
  if (typeof text !== 'string') return undefined;
  // Cut before as well as after, so that a page's length does not cost.
  const plain = text
    .slice(0, 8 * most)
    .replace(/\s+/g, ' ')
    .toWellFormed()
    .replace(unwanted, '')
    .trim();
  if (!visible.test(plain)) return undefined;
  return plain.length <= most
    ? plain
    : `${plain
        .slice(0, most - 1)
        .replace(/[\ud800-\udbff]$/, '')
        .trimEnd()}…`;
}

/** The longest text of each kind, as in `longestTexts`. */
export const lineOf = (kind: keyof typeof longestTexts, text: unknown): string | undefined =>
  line(text, longestTexts[kind]);

const date = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d{1,9})?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;
/** A longer text is no date. */
const longestDate = 64;

/**
 * When a page says that it was published: an instant to the second in UTC, or a date if the page names no hour or no time zone. Anything
 * else is left out, because it would have to be guessed.
 */
export function instantOrDate(text: unknown): string | undefined {
  const plain = typeof text === 'string' ? text.trim() : '';
  const [, day, time, zone] = (plain.length <= longestDate && date.exec(plain)) || [];
  // A day that does not exist, such as 31 February, would become another.
  if (day === undefined || !isoOf(`${day}T00:00Z`)?.startsWith(day)) return undefined;
  if (time === undefined || zone === undefined) return day;
  const said = isoOf(`${day}T${time}${zone.toUpperCase().replace(/^(...)(\d{2})$/, '$1:$2')}`);
  return said && `${said.slice(0, 19)}Z`;
}

function isoOf(text: string): string | undefined {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** An address on the page, made absolute: only http and https. */
export function webAddress(address: unknown, base: string): string | undefined {
  if (typeof address !== 'string' || address.length > 2_000) return undefined;
  const url = URL.parse(address.trim(), base);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  return url.href.length <= 2_000 ? url.href : undefined;
}
