import { keyOf, shown, type Difference } from '../difference.js';
import type { Value } from '../form-model/values.js';

interface Props {
  readonly found: readonly Difference[];
  /** Who made the other version. */
  readonly names: string;
  /** The editor's own version; absent where the editor only reads. */
  readonly own?: {
    /** The fields in which both changed something and theirs is taken. */
    readonly taken: ReadonlySet<string>;
    readonly onTake: (taken: ReadonlySet<string>) => void;
  };
}

/** Fields that differ, a column for each version. Where both changed a field, the editor chooses. */
export function Differences({ found, names, own }: Props) {
  const { taken = new Set<string>(), onTake = () => undefined } = own ?? {};
  const toggle = (key: string, theirs: boolean) =>
    onTake(new Set(theirs ? [...taken, key] : [...taken].filter(other => other !== key)));
  return (
    <table>
      <caption>Differences</caption>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Was</th>
          <th scope="col">{names}</th>
          {own && <th scope="col">You</th>}
        </tr>
      </thead>
      <tbody>
        {found.map(difference => {
          const key = keyOf(difference.path);
          const choose = (which: 'theirs' | 'mine', value: Value) =>
            difference.clash ? (
              <label>
                <input
                  type="radio"
                  name={`take-${key}`}
                  checked={taken.has(key) === (which === 'theirs')}
                  onChange={() => toggle(key, which === 'theirs')}
                />
                {shown(value)}
              </label>
            ) : (
              shown(value)
            );
          return (
            <tr key={key} class={difference.clash ? 'is-clash' : ''}>
              <th scope="row">{difference.label}</th>
              <td>{shown(difference.was)}</td>
              <td>{choose('theirs', difference.theirs)}</td>
              {own && <td>{choose('mine', difference.mine)}</td>}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
