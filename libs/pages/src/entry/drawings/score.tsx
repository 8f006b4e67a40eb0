import type { Score } from '#domain';
import { usePageContext } from '../../page-context.js';
import { capitalised, spaced } from '../../wording.js';
import { Actor, type DrawingProps, minuteText } from './parts.js';

/** A scoreboard: the phase, both teams with their goals, and who scored. */
export function ScoreDrawing({ data, actors }: DrawingProps<Score>) {
  const { storyLanguage, words } = usePageContext();
  const { phase, scorer, how } = data;
  const [home, away] = data.teams;
  if (!home || !away) return null;
  const minute = minuteText(data);
  return (
    <div class="drawing score">
      <p class="state">
        <strong class={phase === 'ended' ? 'is-final' : 'is-counting'}>{capitalised(spaced(phase))}</strong>
        {minute && <span>{minute}</span>}
      </p>
      <p class="board" {...storyLanguage}>
        <Actor id={home.team} actors={actors} />
        <strong>
          {home.score}–{away.score}
        </strong>
        <Actor id={away.team} actors={actors} />
      </p>
      {home.shootout !== undefined && <p class="hint">{words.shootout(home.shootout, away.shootout ?? 0)}</p>}
      {scorer && (
        <p class="scorer" {...storyLanguage}>
          <Actor id={scorer} actors={actors} />
          {how && how !== 'goal' && `, ${spaced(how)}`}
        </p>
      )}
    </div>
  );
}

/** Whether the headline is the one that the catalogue makes, which repeats the board. */
export const saysScore = (data: Score, headline: string): boolean => {
  const [home, away] = data.teams;
  return home !== undefined && away !== undefined && headline.includes(` ${home.score}–${away.score} `);
};
