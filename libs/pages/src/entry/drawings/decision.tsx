import type { Decision } from '#domain';
import { usePageContext } from '../../page-context.js';
import { capitalised } from '../../wording.js';
import { Bar, type DrawingProps, numberIn, percent } from './parts.js';

const sides = ['for', 'against', 'abstained'] as const;

/** The outcome of the matter, and how the members voted. */
export function DecisionDrawing({ data: { ruling, vote } }: DrawingProps<Decision>) {
  const { words } = usePageContext();
  const cast = sides.filter(side => vote?.[side] !== undefined).map(side => ({ side, votes: vote![side]! }));
  const all = cast.reduce((sum, { votes }) => sum + votes, 0);
  if (!ruling && cast.length === 0) return null;
  return (
    <div class="drawing">
      <p class="state">
        {ruling && <strong class="is-final">{capitalised(ruling)}</strong>}
        {cast.map(({ side, votes }) => (
          <span key={side} class={`is-${side}`}>
            {words.vote[side]} {numberIn(votes, words)}
          </span>
        ))}
      </p>
      {all > 0 && <Bar parts={cast.map(({ side, votes }) => ({ size: percent(votes, all), is: `is-${side}` }))} />}
    </div>
  );
}
