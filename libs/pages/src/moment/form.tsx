import { usePageContext } from '../page-context.js';
import { Around, Moment } from '../entry/facts.js';
import { clocks, type Clock } from '../words/index.js';
import { pageWords } from '../words/page-words.js';
import { localOf } from './zoned.js';

/** A requested moment. */
export interface Asked {
  readonly clock: Clock;
  /** ISO 8601. */
  readonly at: string;
}

interface Props {
  readonly action: string;
  readonly asked: Asked | undefined;
  readonly zone: string;
  /** The moment to compare with; null for now, undefined for no comparison. */
  readonly other?: string | null;
}

/** A form for a moment, by one of the three clocks, in the story's time zone. */
export function MomentForm({ action, asked, zone, other }: Props) {
  const { words } = usePageContext();
  const { moment } = pageWords(words);
  return (
    <form method="get" action={action}>
      <div class="field">
        <label for="moment-clock">{moment.clock}</label>
        <select id="moment-clock" name="clock">
          {clocks.map(clock => (
            <option key={clock} value={clock} selected={asked?.clock === clock}>
              {moment.clocks[clock]}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="moment-at">{moment.at}</label>
        <input
          id="moment-at"
          type="datetime-local"
          step="1"
          name="at"
          required
          value={asked && localOf(asked.at, zone)}
          data-at={asked?.at}
        />
      </div>
      {other !== undefined && (
        <div class="field">
          <label for="moment-with">{pageWords(words).history.compareWith}</label>
          <input
            id="moment-with"
            type="datetime-local"
            step="1"
            name="with"
            value={other ? localOf(other, zone) : ''}
            data-at={other ?? undefined}
          />
        </div>
      )}
      <div class="buttons">
        <button type="submit">{moment.show}</button>
        {asked && (
          <a class="button button-quiet" href={action}>
            {moment.backToNow}
          </a>
        )}
      </div>
    </form>
  );
}

/** A notice that the page shows a moment of the past, with a link to now. */
export function Then({ asked, now }: { asked: Asked; now: string }) {
  const { words } = usePageContext();
  const { moment } = pageWords(words);
  return (
    <p class="notice is-past" role="note">
      <Around text={when => moment.shown(asked.clock, when)}>
        <Moment at={asked.at} />
      </Around>{' '}
      <a href={now}>{moment.backToNow}</a>
    </p>
  );
}
