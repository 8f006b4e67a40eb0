/** "A", "A and B", "A, B and C"; a long list ends in "and 4 others". */
export function listed(items: readonly string[]): string {
  const shown = items.length > 5 ? [...items.slice(0, 4), `${items.length - 4} others`] : items;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** On one line and at most `max` UTF-16 units long, cut between words where there are any and never inside a character. */
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

/** A slug as a reader says it. */
export const words = (slug: string): string => slug.replaceAll('-', ' ');

export const capitalised = (text: string): string => text.replace(/^\p{Ll}/u, letter => letter.toUpperCase());

/** The prefix and the text, or nothing where there is no text: " at the harbour". */
export const after = (prefix: string, text: string | undefined): string => (text ? `${prefix}${text}` : '');

/** As a dateline: the place first, so that no preposition has to fit it. */
export const datelined = (place: string | undefined, text: string): string =>
  place ? `${capitalised(place)}: ${text}` : capitalised(text);
