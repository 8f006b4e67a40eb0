import type { Words } from '../words/index.js';

const shownMs = 2_000;

/** Makes the buttons copy the address of the link beside them. No third party is involved. */
export function offerCopies({ copied }: Words): void {
  document.addEventListener('click', event => {
    const button = (event.target as Element).closest<HTMLButtonElement>('button[data-copy]');
    const said = button?.firstChild;
    const link = button?.closest('.entry')?.querySelector<HTMLAnchorElement>('.posted');
    if (!button || !said || !link) return;
    const before = said.textContent;
    void navigator.clipboard.writeText(link.href).then(() => {
      said.textContent = copied;
      setTimeout(() => (said.textContent = before), shownMs);
    });
  });
}
