import type { Result } from '#domain';
import { usePageContext } from '../../page-context.js';
import { Actor, Bar, type DrawingProps, numberIn, percent } from './parts.js';

type Side = Result['tally'][number];

const size = ({ share, count = 0 }: Side) => share ?? count;

/** A tally: a bar for each side, the largest over the whole width, and how much is still to count. */
export function ResultDrawing({ data, actors }: DrawingProps<Result>) {
  const { words, storyLanguage } = usePageContext();
  const { tally, state, counted, unit = words.votes } = data;
  const largest = Math.max(...tally.map(size));
  const number = (n: number) => numberIn(n, words);
  return (
    <div class="drawing">
      <p class="state">
        <strong class={`is-${state}`}>{words.tally[state]}</strong>
        {counted && (
          <span {...storyLanguage}>
            {words.counted(number(counted.counted), number(counted.total), counted.of)}
            {counted.counted < counted.total && ` · ${words.toCount(number(counted.total - counted.counted))}`}
          </span>
        )}
      </p>
      {counted && <Bar parts={[{ size: percent(counted.counted, counted.total), is: 'is-faint' }]} />}
      <ul class="bars" {...storyLanguage}>
        {tally.map(side => (
          <li key={side.party ?? side.option} class={side.fortune && `is-${side.fortune}`}>
            <span>
              {side.party ? <Actor id={side.party} actors={actors} /> : <bdi>{side.option}</bdi>}
              {side.fortune && <small> {words.fortunes[side.fortune]}</small>}
            </span>
            <span>
              {side.count !== undefined && `${number(side.count)} ${unit}`}
              {side.count !== undefined && side.share !== undefined && ' · '}
              {side.share !== undefined && <strong>{number(side.share)} %</strong>}
            </span>
            <Bar parts={[{ size: percent(size(side), largest) }]} />
          </li>
        ))}
      </ul>
    </div>
  );
}
