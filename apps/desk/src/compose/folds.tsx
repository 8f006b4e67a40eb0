import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { drawNow, focusSoon } from '../form/form.js';
import { altKey, Key } from '../ui/keys.js';
import { foldLetters, foldOf, folds, type FoldName } from './fold-names.js';

const titles: Readonly<Record<FoldName, string>> = {
  kind: 'Kind',
  how: 'Source and certainty',
  when: 'When it happened',
  more: 'Headline and more',
};

const buttonOf = (name: FoldName) => `fold-${name}`;
const partOf = (name: FoldName) => `folded-${name}`;

/** Opens a part and focuses its first field. */
export function unfold(name: FoldName): void {
  const button = document.getElementById(buttonOf(name));
  if (button?.getAttribute('aria-expanded') === 'false') drawNow(() => button.click());
  const controls = 'input:checked, input, select, textarea';
  document.getElementById(partOf(name))?.querySelector<HTMLElement>(controls)?.focus();
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
            {words[name]} <Key>{altKey(foldLetters[name])}</Key>
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

/** Focuses the text of the draft. */
export const focusText = (): void => focusSoon('draft-content-body');
