import { useLayoutEffect } from 'preact/hooks';
import { foldLetters, folds, type FoldName } from '../compose/fold-names.js';

/** The picture of a key. */
export const Key = ({ children }: { children: string }) => <kbd aria-hidden="true">{children}</kbd>;

const typing = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]';

/** Whether a single letter is text rather than a shortcut: in a field, or with a dialog open. */
export const isTyped = (event: KeyboardEvent): boolean =>
  (event.target as Element).closest?.(typing) !== null || document.querySelector('dialog[open]') !== null;

/** Whether no modifier key but Shift is pressed. */
export const isPlain = ({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => !ctrlKey && !metaKey && !altKey;

/** Ctrl, or the command key of a Mac. With Alt beside it a keyboard types characters. */
export const isCommand = ({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => (ctrlKey || metaKey) && !altKey;

/** On a Mac, Option types characters: @, ñ or «. */
const isMac = /^(Mac|iP)/.test(navigator.platform);

/** Whether this is a shortcut of Alt and a letter: Ctrl and Option on a Mac, as for the access keys of its browsers. */
export const isAlt = ({ altKey, ctrlKey, metaKey }: KeyboardEvent): boolean => altKey && ctrlKey === isMac && !metaKey;

/** Such a shortcut in words. */
export const altKey = (letter: string): string => `${isMac ? 'Ctrl Option' : 'Alt'} ${letter}`;

const kept = 'dateline.single-keys';

/** Single-letter shortcuts disturb speech input, so they can be turned off. */
export const singleKeys = {
  on: (): boolean => localStorage.getItem(kept) !== 'off',
  set: (on: boolean): void => localStorage.setItem(kept, on ? 'on' : 'off'),
};

interface Pressed {
  readonly post: () => void;
  readonly palette: () => void;
  readonly find: () => void;
  readonly write: () => void;
  readonly help: () => void;
  readonly unfold: (name: FoldName) => void;
}

const inDialog = () => document.querySelector('dialog[open]') !== null;

/** The shortcuts that work everywhere on the desk. */
export function useKeys({ post, palette, find, write, help, unfold }: Pressed): void {
  // The handlers must change before the next event, not after the next frame: a post must contain the last typed letter.
  useLayoutEffect(() => {
    const keys = (event: KeyboardEvent) => {
      // The key belongs to a word that is being composed, or to the open dialog, whose input would be lost.
      if (event.isComposing || inDialog()) return;
      const act = commandOf(event) ?? letterOf(event);
      if (!act) return;
      event.preventDefault();
      act();
    };
    const commandOf = (event: KeyboardEvent): (() => void) | undefined => {
      if (isCommand(event)) {
        if (event.key === 'Enter') return post;
        return event.key.toLowerCase() === 'k' ? palette : undefined;
      }
      if (!isAlt(event)) return undefined;
      const fold = folds.find(name => event.code === `Key${foldLetters[name]}`);
      if (fold) return () => unfold(fold);
      const list = () => document.getElementById('developments')?.focus();
      return { KeyN: write, KeyF: find, KeyL: list }[event.code];
    };
    const letterOf = (event: KeyboardEvent): (() => void) | undefined =>
      isPlain(event) && !isTyped(event) && singleKeys.on() ? { n: write, '/': find, '?': help }[event.key] : undefined;
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  });
}
