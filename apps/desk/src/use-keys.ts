import { useLayoutEffect } from 'preact/hooks';
import { isCommand, isPlain, isTyped, singleKeys } from './ui/keys.js';

interface Pressed {
  readonly post: () => void;
  readonly palette: () => void;
  readonly find: () => void;
  readonly write: () => void;
  readonly help: () => void;
}

const inDialog = () => document.querySelector('dialog[open]') !== null;

/** The shortcuts that work everywhere on the desk. */
export function useKeys({ post, palette, find, write, help }: Pressed): void {
  // The handlers must change before the next event, not after the next frame: a post must contain the last typed letter.
  useLayoutEffect(() => {
    const keys = (event: KeyboardEvent) => {
      const single = isPlain(event) && !isTyped(event) && singleKeys.on();
      const chosen = [
        [isCommand(event) && event.key === 'Enter' && !inDialog(), post],
        [isCommand(event) && event.key.toLowerCase() === 'k', palette],
        [event.altKey && event.code === 'KeyN', write],
        [event.altKey && event.code === 'KeyL', () => document.getElementById('developments')?.focus()],
        [single && event.key === 'n', write],
        [single && event.key === '/', find],
        [single && event.key === '?', help],
      ] as const;
      const found = chosen.find(([holds]) => holds);
      if (!found) return;
      event.preventDefault();
      found[1]();
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  });
}
