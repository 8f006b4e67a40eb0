import { useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { altKey, singleKeys } from './keys.js';

const everywhere: readonly (readonly [keys: string, what: string])[] = [
  ['Ctrl Enter', 'Post the draft'],
  ['Ctrl K', 'Find any act by typing a few letters'],
  [altKey('N'), 'Write a new post'],
  [altKey('K'), 'Choose the kind'],
  [altKey('S'), 'Say where it is known from, and how sure it is'],
  [altKey('W'), 'Say when it happened'],
  [altKey('H'), 'Headline, key event, embargo'],
  [altKey('L'), 'Go to the list of posts'],
  [altKey('F'), 'Find a post by its words'],
  ['Esc', 'Close the open dialog'],
];
const written: readonly (readonly [keys: string, what: string])[] = [
  ['@', 'Complete a name'],
  ['"', 'Offer to make it a quote'],
  [altKey('Q'), 'Make the words in quotation marks a quote'],
  ['result:', 'A kind’s name at the start offers its form'],
];
const letters: readonly (readonly [keys: string, what: string])[] = [
  ['n', 'Write a new post'],
  ['/', 'Find a post by its words'],
  ['?', 'This list'],
];
const listed: readonly (readonly [keys: string, what: string])[] = [
  ['↓ ↑', 'Select another post'],
  ['c', 'Correct it'],
  ['m', 'Minor edit: spelling, grammar or a dead link'],
  ['t', 'Classify a plain update: give it a kind'],
  ['r', 'Retract it'],
  ['p', 'Pin or unpin it'],
  ['k', 'Mark or unmark as key event'],
  ['v', 'Confirm it'],
  ['d', 'Dispute it'],
  ['s', 'Supersede with another post'],
  ['e', 'Change embargo'],
  ['l', 'Lift embargo'],
];

const Keys = ({ title, keys }: { title: string; keys: typeof everywhere }) => (
  <>
    <h3>{title}</h3>
    <dl class="keys">
      {keys.map(([key, what]) => (
        <div key={key}>
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  </>
);

/** Lists the desk's shortcuts. */
export function Help({ onClose }: { onClose: () => void }) {
  const [on, setOn] = useState(singleKeys.on());
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <Keys title="Everywhere" keys={everywhere} />
      <Keys title="In the text" keys={written} />
      {on && <Keys title="Outside fields" keys={letters} />}
      <Keys title="In the list" keys={listed} />
      <label class="check">
        <input
          type="checkbox"
          checked={on}
          onChange={event => {
            singleKeys.set(event.currentTarget.checked);
            setOn(event.currentTarget.checked);
          }}
        />
        Single letters outside fields (turn off where you dictate)
      </label>
    </Dialog>
  );
}
