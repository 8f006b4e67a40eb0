import type { Words } from '../words/index.js';

const shownMs = 2_000;

/** Adds buttons that copy the address of an update. No third party is involved. */
export function offerCopies({ copied }: Words): void {
  document.addEventListener('click', event => {
    const button = (event.target as Element).closest<HTMLButtonElement>('button[data-copy]');
    const said = button?.firstChild;
    if (!button || !said) return;
    const before = said.textContent;
    void navigator.clipboard.writeText(new URL(button.dataset.copy!, location.href).href).then(() => {
      said.textContent = copied;
      setTimeout(() => (said.textContent = before), shownMs);
    });
  });
}
