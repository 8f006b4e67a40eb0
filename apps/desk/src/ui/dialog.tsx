import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

const controls = 'input, select, textarea, [class=button-main]';

/** A modal dialog. The browser keeps the focus in it and restores it; Escape closes it. */
export function Dialog({
  title,
  onClose,
  children,
  class: name = '',
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  class?: string;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const gone = useRef(false);
  useEffect(() => {
    const { current } = dialog;
    if (!current?.open) current?.showModal();
    const first = current?.querySelector<HTMLElement>('[autofocus]') ?? current?.querySelector<HTMLElement>(controls);
    first?.focus();
    return () => {
      gone.current = true;
      current?.close();
    };
  }, []);
  // A dialog that opens another one receives its close event only after the other is open.
  const closed = () => gone.current || onClose();
  return (
    <dialog ref={dialog} class={name} aria-labelledby={heading} onCancel={onClose} onClose={closed}>
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" class="button-quiet" onClick={onClose} aria-label="Esc: close">
          Esc
        </button>
      </header>
      {children}
    </dialog>
  );
}
