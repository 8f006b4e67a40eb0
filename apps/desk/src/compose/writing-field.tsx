import type { TargetedClipboardEvent, TargetedInputEvent, TargetedKeyboardEvent } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { Field } from '../form-model/fields.js';
import { at, type Path } from '../form-model/values.js';
import { described, drawNow, errorAt, focusSoon, idOf, text, useForm, type Form } from '../form/form.js';
import { saidOf } from '../form/said.js';
import { addressIn, hostOf, type Capturing } from '../form/use-capturing.js';
import type { Quotation } from '../kind/kind-change.js';
import { quotationIn, speakerIn, triggerAt, type Trigger } from '../kind/triggers.js';
import { matches, type Choice, type Match } from '../match.js';
import { Offers } from '../ui/combobox.js';
import { altKey, isAlt, isPlain } from '../ui/keys.js';

interface Props {
  readonly field: Pick<Field, 'name' | 'label' | 'type'> & { readonly max: number };
  readonly path: Path;
  readonly label: string;
  readonly placeholder: string;
  /** Nothing but the text has to be written. */
  readonly plain: boolean;
  /** The kinds whose names at the start of the text offer their forms. */
  readonly kinds: readonly Choice[];
  /** Gives the draft the kind, and removes the kind's name from the text. */
  readonly onKind: (kind: string) => void;
  /** Captures pages whose addresses are pasted. */
  readonly capturing: Capturing | undefined;
  /** Makes the draft a quotation. `speaker`: the id of the registered actor that the text names. */
  readonly onQuote: (quotation: Quotation, speaker: string | undefined) => void;
}

interface Offer {
  readonly shown: Match | string;
  readonly onPick: () => void;
}

/** How many names are offered. */
const mostNames = 8;

type Completing = Pick<Props, 'kinds' | 'onKind' | 'onQuote'> & { readonly form: Form };

/** What the desk offers for the typed text. `insert` replaces a part of it. */
function offersFor(
  trigger: Trigger,
  { kinds, onKind, onQuote, form }: Completing,
  insert: (name: string, from: number, to: number) => void,
): Offer[] {
  const { actors, choices, register } = form;
  switch (trigger.on) {
    case 'kind': {
      const { label } = kinds.find(({ id }) => id === trigger.kind)!;
      return [{ shown: `${label}: open its form`, onPick: () => onKind(trigger.kind) }];
    }
    case 'quote': {
      const { quotation } = trigger;
      const speaker = speakerIn(quotation.speaker, choices.actors);
      const named = speaker === undefined ? '' : ` by ${actors.get(speaker)?.name ?? speaker}`;
      return [{ shown: `Make it a quote${named} (${altKey('Q')})`, onPick: () => onQuote(quotation, speaker) }];
    }
    case 'actor': {
      const { typed, from, to } = trigger;
      const found = matches(choices.actors, typed, mostNames);
      const offers = found.map(match => ({ shown: match, onPick: () => insert(match.choice.label, from, to) }));
      if (offers.length > 0 || typed.trim() === '' || !register) return offers;
      const unknown = () => register(typed, (_id, name) => insert(name, from, to));
      return [{ shown: `Register “${typed}” …`, onPick: unknown }];
    }
  }
}

/** Whether nothing is being completed: a finished quotation, or a pasted address, is only offered something. */
const isFinished = (trigger: Trigger | undefined): boolean =>
  trigger === undefined || (trigger.on === 'quote' && trigger.quotation.words !== '');

const announced = (count: number): string =>
  count === 0 ? '' : `${count === 1 ? 'One offer' : `${count} offers`}: arrow keys and Enter choose.`;

/** The address that was pasted last, alone, for as long as it is in the text. */
function usePasted() {
  const [pasted, setPasted] = useState<string>();
  return {
    pasted,
    /** Forgets it, or does so unless this text holds it. */
    forget: (text = '') => setPasted(now => (now !== undefined && text.includes(now) ? now : undefined)),
    onPaste: ({ clipboardData }: TargetedClipboardEvent<HTMLTextAreaElement>) =>
      setPasted(addressIn(clipboardData?.getData('text/plain') ?? '')),
  };
}

const offersOfPage = (pasted: string | undefined, capturing: Capturing | undefined): Offer[] =>
  pasted === undefined || !capturing
    ? []
    : [{ shown: `Show readers this page as it is now: ${hostOf(pasted)}`, onPick: () => capturing.capture(pasted) }];

/** How a capture goes, or why it failed. */
const SaidOfCapture = ({ of }: { of: Capturing | undefined }) =>
  of?.said === undefined ? null : (
    <p class={of.failed ? 'error' : 'hint'} role="status">
      {of.said}
    </p>
  );

/** The field for the text: one large field, with offers that follow what is typed. */
export function WritingField(props: Props) {
  const { field, path, label, placeholder, plain } = props;
  const form = useForm();
  const id = idOf(form, path);
  const list = useId();
  const element = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState<number>();
  const [moved, setMoved] = useState<number>();
  const value = text(at(form.value, path));
  const trigger = caret === undefined ? undefined : triggerAt(value, caret, props.kinds);
  const insert = (name: string, from: number, to: number) => {
    const area = element.current!;
    area.setRangeText(name, from, to, 'end');
    drawNow(() => form.put(path, area.value));
    focusSoon(id);
  };
  const { pasted, forget, onPaste } = usePasted();
  const { capturing } = props;
  const offers = trigger ? offersFor(trigger, { ...props, form }, insert) : offersOfPage(pasted, capturing);
  const shown = offers.length > 0;
  const error = errorAt(form, path);
  const { invalid, describedBy } = described(form, path, undefined);

  // Enter after a finished quotation or an address is a new line, and Tab leaves the field: only an arrow key chooses that offer.
  const active = moved ?? (isFinished(trigger) ? -1 : 0);
  const pick = (index: number) => {
    const picked = offers[index];
    setCaret(undefined);
    forget();
    picked?.onPick();
  };
  const quote = () => {
    const quotation = quotationIn(value);
    props.onQuote(quotation, speakerIn(quotation.speaker, form.choices.actors));
  };
  const onInput = ({ currentTarget }: TargetedInputEvent<HTMLTextAreaElement>) => {
    setMoved(undefined);
    // The paste itself is an input too.
    forget(currentTarget.value);
    setCaret(currentTarget.selectionStart);
    form.put(path, currentTarget.value);
  };
  const step = (by: number) => () => setMoved((active + by + offers.length) % offers.length);
  const choose = active >= 0 ? () => pick(active) : undefined;
  const keys: Partial<Record<string, (() => void) | undefined>> = {
    ...{ ArrowDown: step(1), ArrowUp: step(-1), Escape: () => (setCaret(undefined), forget()) },
    ...{ Enter: choose, Tab: trigger?.on === 'quote' ? undefined : choose },
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.isComposing) return;
    const offered = shown && isPlain(event) && !event.shiftKey ? keys[event.key] : undefined;
    const act = isAlt(event) && event.code === 'KeyQ' ? quote : offered;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <div class={`writing${plain ? ' is-plain' : ''}`} data-field={path.join('.')}>
      <label for={id}>{label}</label>
      <textarea
        ref={element}
        id={id}
        maxLength={field.max}
        placeholder={placeholder}
        value={value}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={list}
        aria-activedescendant={shown && active >= 0 ? `${list}-${active}` : undefined}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        onInput={onInput}
        onPaste={onPaste}
        onKeyDown={onKeyDown}
        onBlur={() => setCaret(undefined)}
        onClick={() => setCaret(undefined)}
      />
      <span class="combobox">
        <Offers {...{ list, shown, active, pick }} label="Offers" offers={offers.map(({ shown }) => shown)} typed="" />
      </span>
      <span class="unseen" role="status">
        {announced(offers.length)}
      </span>
      <SaidOfCapture of={capturing} />
      {error && (
        <p class="error" id={`${id}-error`}>
          {saidOf(field, error)}
        </p>
      )}
    </div>
  );
}
