import { capitalised, closed } from '../bidi.js';

/** "A", "A and B", "A, B and C"; a long list ends in "and 4 others". */
export function listed(items: readonly string[]): string {
  const shown = items.length > 5 ? [...items.slice(0, 4), `${items.length - 4} others`] : items;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** Joins the text into one line of at most `max` UTF-16 units; cuts between words if it can, and never inside a character. */
export function oneLine(text: string, max: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= max) return line;
  const cut = line
    .slice(0, max - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, '');
  const space = cut.lastIndexOf(' ');
  return `${(space > max / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** Like `oneLine`, and closes any direction that the text opens, within the limit. */
export function closedLine(text: string, max: number, room = max): string {
  const line = closed(oneLine(text, room));
  return line.length <= max ? line : closedLine(text, max, room - (line.length - max));
}

/** Turns a slug into words. */
export const words = (slug: string): string => slug.replaceAll('-', ' ');

/** A whole number with its thousands apart: "12,345". */
export const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

/** Puts the prefix before the text, as in " at the harbour"; empty if there is no text. */
export const after = (prefix: string, text: string | undefined): string => (text ? `${prefix}${text}` : '');

// From CLDR. Languages that are not listed use the English quotes.
const quotes: readonly (readonly [open: string, close: string, languages: string])[] = [
  ['„', '“', 'bg cs de et hr is lt sk sl'],
  ['„', '”', 'hu pl ro'],
  ['”', '”', 'da fi sv'],
  ['«', '»', 'el es it nb nn no ru uk'],
  ['« ', ' »', 'fr'],
  ['「', '」', 'ja'],
];

/** Returns a function that quotes a text in the style of the language, a BCP 47 tag. */
export const quotedIn =
  (language: string | undefined) =>
  (words: string): string => {
    const tag = language?.split('-')[0]?.toLowerCase() ?? '';
    const [open, close] = quotes.find(([, , languages]) => languages.split(' ').includes(tag)) ?? ['“', '”'];
    return `${open}${words}${close}`;
  };

/** Puts the place first, like a newspaper's dateline, so that no preposition has to fit it. */
export const datelined = (place: string | undefined, text: string): string =>
  place ? `${capitalised(place)}: ${text}` : capitalised(text);
