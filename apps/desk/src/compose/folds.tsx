import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { focusSoon } from '../form/form.js';
import { Key } from '../ui/keys.js';
import { foldLetters, foldOf, folds, type FoldName } from './fold-names.js';

const titles: Readonly<Record<FoldName, string>> = {
  kind: 'Kind',
  how: 'Source and certainty',
  when: 'When it happened',
  more: 'Headline and more',
};

const buttonOf = (name: FoldName) => `fold-${name}`;
const partOf = (name: FoldName) => `folded-${name}`;

/** How many frames a part may take to appear. */
const framesToOpen = 30;

function focusIn(part: string, frames = framesToOpen): void {
  const control = document.getElementById(part)?.querySelector<HTMLElement>('input:checked, input, select, textarea');
  if (control) control.focus();
  else if (frames > 0) requestAnimationFrame(() => focusIn(part, frames - 1));
}

/** Opens a part and focuses its first field. */
export function unfold(name: FoldName): void {
  const button = document.getElementById(buttonOf(name));
  if (button?.getAttribute('aria-expanded') === 'false') button.click();
  if (button) requestAnimationFrame(() => focusIn(partOf(name)));
}

/** Which parts are open: those that the editor opened, and those with an error. They fold again with the next draft. */
export function useFolds(draft: string, errors: readonly { readonly field: string }[]) {
  const [opened, setOpened] = useState<{ readonly of: string; readonly names: readonly FoldName[] }>();
  const wrong = errors.flatMap(({ field }) => foldOf(field) ?? []);
  const names = [...new Set([...(opened?.of === draft ? opened.names : []), ...wrong])];
  useEffect(() => {
    // A part with a corrected error stays open: the editor still writes there.
    if (wrong.length > 0) setOpened({ of: draft, names });
  }, [errors]);
  const toggle = (name: FoldName) =>
    setOpened({ of: draft, names: names.includes(name) ? names.filter(other => other !== name) : [...names, name] });
  return { names, toggle };
}

interface Props {
  readonly open: readonly FoldName[];
  readonly onToggle: (name: FoldName) => void;
  /** What each part holds, in words. */
  readonly words: Readonly<Record<FoldName, string>>;
  readonly parts: Readonly<Record<FoldName, ComponentChildren>>;
}

/** One line that says what the folded parts hold. Each is one key away. */
export function Folds({ open, onToggle, words, parts }: Props) {
  return (
    <>
      <div class="folds" role="group" aria-label="Kind, source, time and headline">
        {folds.map(name => (
          <button
            key={name}
            type="button"
            id={buttonOf(name)}
            class="button-quiet"
            aria-expanded={open.includes(name)}
            aria-controls={open.includes(name) ? partOf(name) : undefined}
            onClick={() => onToggle(name)}
          >
            <span class="unseen">{titles[name]}: </span>
            {words[name]} <Key>{`Alt ${foldLetters[name]}`}</Key>
          </button>
        ))}
      </div>
      {folds
        .filter(name => open.includes(name))
        .map(name => (
          <section key={name} id={partOf(name)} aria-label={titles[name]}>
            {parts[name]}
          </section>
        ))}
    </>
  );
}

/** Focuses the text of the draft, at once if it is on the page: no letter may be lost. */
export function focusText(): void {
  const text = document.getElementById('draft-content-body');
  if (text && !document.querySelector('dialog[open]')) text.focus();
  else focusSoon('draft-content-body');
}
