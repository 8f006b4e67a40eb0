import type { LoadCopy } from './small-copies.js';
import type { AnyUploaded } from '#contract';
import { createContext, options } from 'preact';
import { useContext } from 'preact/hooks';
import type { Field } from '../form-model/fields.js';
import type { Path, Value } from '../form-model/values.js';
import type { Actor, FieldError } from '../contracts.js';
import type { Choice } from '../match.js';
import type { Progress } from '../upload.js';

/** The context that every field needs. */
export interface Form {
  /** Distinguishes this form's fields from another form's on the page. */
  readonly name: string;
  readonly value: Value;
  readonly put: (path: Path, value: Value) => void;
  readonly errors: readonly FieldError[];
  readonly actors: ReadonlyMap<string, Actor>;
  readonly choices: {
    readonly actors: readonly Choice[];
    readonly developments: readonly Choice[];
  };
  /** Loads developments whose headline contains these words into the choices. */
  readonly find: (words: string) => void;
  /** Slugs that the story already uses in fields with this name. */
  readonly used: (name: string) => readonly string[];
  /** Registers an actor, then passes its id and its name to `onDone`. */
  readonly register?: (typed: string, onDone: (id: string, name: string) => void) => void;
  /** Captures the page at this address. Undefined where the newsroom captures none. */
  readonly capture?: ((url: string) => Promise<Value>) | undefined;
  /** Loads a small copy of a linked page's picture. */
  readonly smallCopy?: LoadCopy | undefined;
  /** Keeps a picture, a recording or captions for the story. Rejects with the reason for a person. Absent where nothing can be added. */
  readonly upload?: (file: File, onProgress?: (progress: Progress) => void) => Promise<AnyUploaded>;
  /**
   * Runs what adds files or linked pages to the draft, which may end when another draft is open. `settled` resolves once a post that began
   * meanwhile has its answer, to the id of the draft that it belongs to: if that was posted without it, it is added to none. `isPart`: it
   * belongs to something in this draft, and to no later one.
   */
  readonly adding?: ((add: (settled: Settled) => Promise<void>, isPart?: boolean) => Promise<void>) | undefined;
  /** The name of the file whose upload was cut because the page was closed. */
  readonly cutUpload?: string | undefined;
  /** The story's IANA time zone. */
  readonly zone: string;
}

/** See `Form.adding`. Undefined: the draft that is open where it is added. */
export type Settled = () => Promise<string | undefined>;

/** Adds at once, where no draft is posted. */
export const addNow: NonNullable<Form['adding']> = add => add(async () => undefined);

/** What a form gets from the desk around it. */
export type FormAround = Omit<Form, 'name' | 'value' | 'put' | 'errors'>;

/** The properties of a field's control. */
export interface FieldProps<Type extends Field['type']> {
  readonly field: Field & { readonly type: Type };
  readonly path: Path;
}

/** A value as a control's text. */
export const text = (value: Value): string => (value === undefined ? '' : String(value));

/** Provides the form to its fields. */
export const FormContext = createContext<Form | undefined>(undefined);

/** Gets the form from the context. Throws outside a form. */
export function useForm(): Form {
  const form = useContext(FormContext);
  if (!form) throw new TypeError('A field is missing in the form.');
  return form;
}

/** The id of a control on the page. */
export const idOf = ({ name }: Form, path: Path): string => `${name}-${path.join('-')}`;

/** How many frames a control may take to appear. */
const focusFrames = 30;

/**
 * Makes a change and draws it before the next key arrives: otherwise letters typed in between would go into the wrong field.
 * It is `flushSync` of preact/compat, without React's events that come with it.
 */
export function drawNow(change: () => void): void {
  const later = options.debounceRendering;
  let draw: (() => void) | undefined;
  options.debounceRendering = given => (draw = given);
  try {
    change();
    draw?.();
  } finally {
    if (later) options.debounceRendering = later;
    else delete options.debounceRendering;
  }
}

/** Focuses the control: at once, or when it exists and no dialog holds the focus. */
export function focusSoon(id: string, frames = focusFrames): void {
  const control = document.getElementById(id);
  const covered = document.querySelector('dialog[open]')?.contains(control) === false;
  if (control && !covered) control.focus();
  if (frames > 0 && (!control || covered || document.activeElement !== control))
    requestAnimationFrame(() => focusSoon(id, frames - 1));
}

/** The error in the field at this path, if any. */
export const errorAt = ({ errors }: Form, path: Path): FieldError | undefined =>
  errors.find(({ field }) => field === path.join('.'));

/** The first error in a field of several parts that has no separate control. */
export const errorOf = (form: Form, path: Path, parts: readonly string[]): FieldError | undefined =>
  errorAt(form, path) ?? parts.map(part => errorAt(form, [...path, part])).find(Boolean);

/** The attributes that connect a control with its hint and its error. */
export function described(form: Form, path: Path, hint: string | undefined) {
  const error = errorAt(form, path);
  const id = idOf(form, path);
  const by = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return { invalid: error !== undefined, describedBy: by || undefined };
}
