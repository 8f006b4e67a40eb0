import type { TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { matches, type Choice, type Match } from '../match.js';

interface Props {
  readonly id: string;
  readonly choices: readonly Choice[];
  readonly onPick: (choice: Choice) => void;
  readonly placeholder?: string;
  readonly label?: string;
  readonly describedBy?: string | undefined;
  readonly invalid?: boolean;
  /** Shows all choices on focus. */
  readonly eager?: boolean;
  readonly limit?: number;
  /** An additional offer below the matches of the typed text. */
  readonly extra?: (typed: string) => { readonly label: string; readonly onPick: () => void };
  readonly onBackspace?: () => void;
  /** Receives the typed text, to load more choices for it. */
  readonly onTyped?: (typed: string) => void;
  /** Replaces the default action of Escape, which closes the list. */
  readonly onEscape?: () => void;
}

type Keys = Partial<Record<string, () => unknown>>;

/** A text field with a list of choices: arrows move, Enter and Tab choose, Escape leaves. */
export function Combobox(props: Props) {
  const { id, choices, placeholder, label, describedBy, invalid, eager = false, limit, extra } = props;
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const list = useId();
  const found = matches(choices, typed, limit);
  const more = typed.trim() === '' ? undefined : extra?.(typed.trim());
  const offers = [...found, ...(more ? [more.label] : [])];
  const count = offers.length;
  const asked = open && (eager || typed.trim() !== '');
  const shown = asked && count > 0;

  const pick = (index: number) => {
    const match = found[index];
    setTyped('');
    setOpen(false);
    setActive(0);
    if (match) props.onPick(match.choice);
    else more?.onPick();
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLInputElement>) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const taken = (then: () => void) => () => {
      event.preventDefault();
      event.stopPropagation();
      then();
    };
    const move = (step: number) => () => {
      event.preventDefault();
      if (shown) setActive((active + step + count) % count);
      setOpen(true);
    };
    const always: Keys = {
      ArrowDown: move(1),
      ArrowUp: move(-1),
      Backspace: () => typed === '' && props.onBackspace?.(),
    };
    const whileShown: Keys = {
      Enter: taken(() => pick(active)),
      Escape: taken(props.onEscape ?? (() => setOpen(false))),
      Tab: () => typed.trim() && found[active] && pick(active),
    };
    (always[event.key] ?? (shown ? whileShown[event.key] : undefined))?.();
  };

  return (
    <span class="combobox">
      <input
        id={id}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={list}
        aria-activedescendant={shown ? `${list}-${active}` : undefined}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        placeholder={placeholder}
        value={typed}
        onInput={event => {
          setTyped(event.currentTarget.value);
          props.onTyped?.(event.currentTarget.value);
          setActive(0);
          setOpen(true);
        }}
        onFocus={() => setOpen(eager)}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <Offers
        {...{ list, offers, shown, active, pick }}
        label={label ?? placeholder ?? 'Choices'}
        typed={asked ? typed.trim() : ''}
      />
    </span>
  );
}

interface OffersProps {
  /** The list's id. */
  readonly list: string;
  readonly label: string;
  readonly offers: readonly (Match | string)[];
  readonly shown: boolean;
  /** The text of the search; empty if there was none. */
  readonly typed: string;
  readonly active: number;
  readonly pick: (index: number) => void;
}

/** The list of choices, or a notice that nothing was found. */
export function Offers({ list, label, offers, shown, typed, active, pick }: OffersProps) {
  return (
    <>
      <ul id={list} role="listbox" aria-label={label} hidden={!shown}>
        {shown &&
          offers.map((offer, index) => (
            <Option
              key={index}
              id={`${list}-${index}`}
              offer={offer}
              active={index === active}
              onPick={() => pick(index)}
            />
          ))}
      </ul>
      {typed !== '' && offers.length === 0 && (
        <span class="nothing hint" role="status">
          Nothing found for “{typed}”.
        </span>
      )}
    </>
  );
}

/** A match, or the additional offer. */
function Option({
  id,
  offer,
  active,
  onPick,
}: {
  id: string;
  offer: Match | string;
  active: boolean;
  onPick: () => void;
}) {
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const onMouseDown = (event: MouseEvent) => {
    event.preventDefault();
    onPick();
  };
  return (
    <li
      ref={element}
      id={id}
      role="option"
      aria-selected={active}
      class={typeof offer === 'string' ? 'more' : ''}
      onMouseDown={onMouseDown}
    >
      {typeof offer === 'string' ? (
        offer
      ) : (
        <>
          <span>{offer.choice.label}</span>
          {offer.by && <em>{offer.by}</em>}
          {offer.choice.detail && <small>{offer.choice.detail}</small>}
        </>
      )}
    </li>
  );
}
