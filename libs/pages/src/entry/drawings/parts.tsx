import type { Named } from '../../view.js';
import type { Words } from '../../words/index.js';
import { numberFormat } from '../../moment/formats.js';
import { ActorLink } from '../facts.js';

// Parts that several drawings share.

/** A kind's data, and the actors whom the entry names. */
export interface DrawingProps<Data> {
  readonly data: Data;
  readonly actors: readonly Named[];
}

/** A link to an actor whom the data name by id. */
export const Actor = ({ id, actors }: { id: string; actors: readonly Named[] }) => (
  <ActorLink id={id} name={actors.find(actor => actor.id === id)?.name ?? id} />
);

/** A part of a bar: its size in per cent, and the class that colours it. */
export interface BarPart {
  readonly size: number;
  readonly is?: string;
}

/** A bar with its text beside it. It is drawn as SVG, because the pages' policy allows no style attributes. */
export function Bar({ parts }: { parts: readonly BarPart[] }) {
  let from = 0;
  return (
    <svg class="shares" aria-hidden="true">
      {parts.map(({ size, is }) => {
        const x = from;
        from += size;
        return <rect key={x} class={is} x={`${x}%`} width={`${size}%`} height="100%" />;
      })}
    </svg>
  );
}

/** A part of a whole in per cent with one decimal, which is fine enough for any screen. */
export const percent = (part: number, whole: number): number =>
  whole > 0 ? Math.round((1_000 * part) / whole) / 10 : 0;

/** A number as the page's language writes it. */
export const numberIn = (number: number, { tag }: Pick<Words, 'tag'>): string => numberFormat(tag).format(number);

/** A minute of play: "90+3′"; undefined if it is not known. */
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
