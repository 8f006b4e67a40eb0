import { instantIn, oddTime, wallClock } from '../when.js';

interface Props {
  readonly zone: string;
  /** YYYY-MM-DD; empty where none is entered. */
  readonly day: string;
  /** HH:MM or HH:MM:SS; empty where none is entered. */
  readonly time: string;
  readonly label: string;
  /** Whether the second of two equal times is meant. */
  readonly second: boolean;
  readonly onSecond: (second: boolean) => void;
}

/** Asks which of two equal times is meant where clocks go back, and says what is recorded where clocks skip the time. */
export function OddTime({ zone, day, time, label, second, onSecond }: Props) {
  const odd = oddTime(zone, day, time);
  if (odd === 'never') {
    const recorded = wallClock(zone, Date.parse(instantIn(zone, day, time))).time.slice(0, 5);
    return <small class="hint">Clocks skip this time: {recorded} is recorded.</small>;
  }
  if (odd === undefined) return null;
  return (
    <label class="hint">
      This time occurs twice:{' '}
      <select aria-label={`${label}: first or second`} onChange={e => onSecond(e.currentTarget.value === 'second')}>
        <option value="first" selected={!second}>
          first, before clocks go back
        </option>
        <option value="second" selected={second}>
          second, after clocks went back
        </option>
      </select>
    </label>
  );
}
