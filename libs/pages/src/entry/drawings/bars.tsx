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
