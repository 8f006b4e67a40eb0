import type { Choice } from '../match.js';
import { Combobox } from './combobox.js';
import { Dialog } from './dialog.js';

/** An action in the palette. */
export type Offer = Choice & { readonly onPick: () => void };

/** Finds every action by typing. */
export function Palette({
  offers,
  onTyped,
  onClose,
}: {
  offers: readonly Offer[];
  onTyped: (typed: string) => void;
  onClose: () => void;
}) {
  return (
    <Dialog title="What would you like to do?" onClose={onClose} class="palette">
      <Combobox
        id="palette"
        eager
        limit={50}
        label="What would you like to do?"
        placeholder="post a statement, correct, another story …"
        choices={offers}
        onTyped={onTyped}
        onEscape={onClose}
        onPick={({ id }) => {
          onClose();
          offers.find(offer => offer.id === id)?.onPick();
        }}
      />
    </Dialog>
  );
}
