import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Field } from '../form-model/fields.js';
import type { Path, Value } from '../form-model/values.js';
import type { Actor, FieldError } from '../contracts.js';
import type { Choice } from '../match.js';

/** What every field of a form has to know of the form. */
export interface Form {
  /** Distinguishes this form's fields from another's on the page. */
  readonly name: string;
  readonly value: Value;
  readonly put: (path: Path, value: Value) => void;
  readonly errors: readonly FieldError[];
  readonly actors: ReadonlyMap<string, Actor>;
  readonly choices: {
    readonly actors: readonly Choice[];
    readonly developments: readonly Choice[];
  };
  /** Loads developments whose headline holds these words into the choices. */
  readonly find: (words: string) => void;
  /** Slugs that the story uses under this name already. */
  readonly used: (name: string) => readonly string[];
  /** Registers an actor, and gives its id once there is one. */
  readonly register?: (typed: string, onDone: (id: string) => void) => void;
  /** IANA: the story's. */
  readonly zone: string;
}

/** What the control of a field of a type is given. */
export interface FieldProps<Type extends Field['type']> {
  readonly field: Field & { readonly type: Type };
  readonly path: Path;
}

/** A value as it stands in a control. */
export const text = (value: Value): string => (value === undefined ? '' : String(value));

export const FormContext = createContext<Form | undefined>(undefined);

export function useForm(): Form {
  const form = useContext(FormContext);
  if (!form) throw new TypeError('A field is missing in the form.');
  return form;
}

export const idOf = ({ name }: Form, path: Path): string => `${name}-${path.join('-')}`;

/** How many frames a control may take to appear. */
const focusFrames = 30;

/** Puts the cursor on the control once it is there and no dialog keeps the focus from it. */
export function focusSoon(id: string, frames = focusFrames): void {
  requestAnimationFrame(() => {
    const control = document.getElementById(id);
    const covered = document.querySelector('dialog[open]')?.contains(control) === false;
    if (control && !covered) control.focus();
    if (frames > 0 && (!control || covered || document.activeElement !== control)) focusSoon(id, frames - 1);
  });
}

export const errorAt = ({ errors }: Form, path: Path): FieldError | undefined =>
  errors.find(({ field }) => field === path.join('.'));

/** Of a field that is entered in parts, the first part that is wrong and has no place of its own. */
export const errorOf = (form: Form, path: Path, parts: readonly string[]): FieldError | undefined =>
  errorAt(form, path) ?? parts.map(part => errorAt(form, [...path, part])).find(Boolean);

/** The attributes by which a control names its hint and its error. */
export function described(form: Form, path: Path, hint: string | undefined) {
  const error = errorAt(form, path);
  const id = idOf(form, path);
  const by = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return { invalid: error !== undefined, describedBy: by || undefined };
}
