import type { Words } from '../../words/index.js';

/** A number as the page's language writes it. */
export const numberIn = (number: number, { tag }: Pick<Words, 'tag'>): string =>
  new Intl.NumberFormat(tag).format(number);

/** A minute of play: "90+3′"; undefined where it is not known. */
export const minuteText = ({ minute, added }: { minute?: number | undefined; added?: number | undefined }) =>
  minute === undefined ? undefined : `${minute}${added === undefined ? '' : `+${added}`}′`;

/** A count that is exact or a range. */
export interface Ranged {
  readonly exactly?: number | undefined;
  readonly least?: number | undefined;
  readonly most?: number | undefined;
}

/** A count in words: "at least 12". */
export function rangeText({ exactly, least, most }: Ranged, words: Words): string {
  const of = (number: number) => numberIn(number, words);
  if (exactly !== undefined) return of(exactly);
  if (least === undefined) return words.range.most(of(most ?? 0));
  return most === undefined ? words.range.least(of(least)) : words.range.between(of(least), of(most));
}
