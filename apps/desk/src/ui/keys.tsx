/** The picture of a key. */
export const Key = ({ children }: { children: string }) => <kbd aria-hidden="true">{children}</kbd>;

const typing = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]';

/** Whether a single letter is text rather than a shortcut: in a field, or with a dialog open. */
export const isTyped = (event: KeyboardEvent): boolean =>
  (event.target as Element).closest?.(typing) !== null || document.querySelector('dialog[open]') !== null;

/** Whether no modifier key but Shift is pressed. */
export const isPlain = ({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => !ctrlKey && !metaKey && !altKey;

/** Ctrl, or the command key of a Mac. */
export const isCommand = ({ ctrlKey, metaKey }: KeyboardEvent): boolean => ctrlKey || metaKey;

const kept = 'dateline.single-keys';

/** Single-letter shortcuts disturb speech input, so they can be turned off. */
export const singleKeys = {
  on: (): boolean => localStorage.getItem(kept) !== 'off',
  set: (on: boolean): void => localStorage.setItem(kept, on ? 'on' : 'off'),
};
