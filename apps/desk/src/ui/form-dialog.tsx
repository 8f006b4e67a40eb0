import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { fieldsOf, type Field as FieldModel, type Schema } from '../form-model/fields.js';
import { at, put, unchanged, type Path, type Value } from '../form-model/values.js';
import { focusFirst } from '../compose/composer.js';
import type { FieldError } from '../contracts.js';
import { Field } from '../form/field.js';
import { FormContext, type Form } from '../form/form.js';
import type { Reply } from '../reply.js';
import type { Progress } from '../send.js';
import { Dialog } from './dialog.js';

interface Props {
  readonly title: string;
  readonly submit: string;
  /** The focus begins at “Cancel”: a key that was meant for another place must do nothing. */
  readonly careful?: boolean;
  readonly schema?: Schema | undefined;
  /** Its fields, where no schema describes them. */
  readonly fields?: readonly FieldModel[];
  /** The path of the values of its fields. */
  readonly within?: Path;
  readonly start: Value;
  /** Fields that the form omits. */
  readonly unasked?: readonly string[];
  readonly form: Omit<Form, 'name' | 'value' | 'put' | 'errors'>;
  readonly children?: ComponentChildren;
  readonly onChange?: (before: Value, after: Value) => Value;
  /** Sends the input; resolves to its outcome. On success it closes the dialog. */
  readonly onSubmit: (value: Value) => Promise<Progress>;
  readonly onClose: () => void;
}

type Outcome = (Reply | Extract<Progress, { reply: string }>)['reply'];

const outcomes: Partial<Record<Outcome, string>> = {
  unreached: 'It was not sent, or there was no answer. Your text is kept, and you can safely send it again.',
  conflict: 'A colleague changed it meanwhile. Review it, and send again if it still applies.',
  pending: 'It was sent, but the newsroom has not confirmed it yet. Send it again in a moment: it is done only once.',
  'key-taken': 'Your first version is already recorded; only the answer was lost. Close this and look.',
};

/** Why an act is not done, or not known to be, in words. */
export function whyNot(progress: Progress | Reply): string | undefined {
  if (!('reply' in progress) || progress.reply === 'posted' || progress.reply === 'already-so') return undefined;
  return outcomes[progress.reply] ?? ('detail' in progress ? progress.detail : undefined);
}

/** A refusal that the desk gives before it sends anything. */
export const refusal = (code: string, detail: string): Progress => ({ reply: 'refused', code, detail, errors: [] });

/** Says of an act whose dialog was closed before the answer that it is not done, or not known to be. */
export function notDone(title: string, progress: Progress | Reply): string {
  const reply = 'reply' in progress ? progress.reply : 'pending';
  if (reply === 'unreached' || reply === 'pending')
    return `There is no answer to “${title}”. Look whether it is done before you try it again.`;
  const why = 'detail' in progress ? progress.detail : reply === 'conflict' ? 'A colleague changed it meanwhile.' : '';
  return `“${title}” is not done. ${why}`.trim();
}

const asked = (schema: Schema | undefined, unasked: readonly string[]): readonly FieldModel[] =>
  schema ? fieldsOf(schema).filter(({ name }) => !unasked.includes(name)) : [];

/** The buttons at the end of a form in a dialog. */
export function SendOrCancel({
  busy,
  submit,
  careful = false,
  onClose,
}: { busy: boolean } & Pick<Props, 'submit' | 'careful' | 'onClose'>) {
  return (
    <p class="buttons">
      <button class="button-main" aria-disabled={busy}>
        {busy ? 'Sending …' : submit}
      </button>
      <button type="button" onClick={onClose} autofocus={careful}>
        Cancel
      </button>
    </p>
  );
}

/** A dialog whose fields are built from a schema. */
export function FormDialog({
  title,
  submit,
  careful = false,
  schema,
  fields: given,
  within = [],
  start,
  unasked = [],
  form: around,
  children,
  onChange,
  onSubmit,
  onClose,
}: Props) {
  const [value, setValue] = useState(start);
  const [progress, setProgress] = useState<Progress>({ at: 'editing' });
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const fields = given ?? asked(schema, unasked);
  const form: Form = {
    ...around,
    name: 'dialog',
    value,
    errors,
    put: (path, inner) => {
      const typed = put(value, path, inner);
      const next = onChange ? onChange(value, typed) : typed;
      setErrors(errors.filter(({ field }) => unchanged(value, next, field)));
      setValue(next);
    },
  };
  const busy = 'at' in progress && progress.at !== 'editing';
  const send = async () => {
    if (busy) return;
    setProgress({ at: 'sending' });
    const outcome = await onSubmit(value);
    setErrors('errors' in outcome ? outcome.errors : []);
    setProgress(outcome);
  };
  useEffect(() => {
    if (errors[0]) focusFirst(errors[0].field);
  }, [progress]);
  const why = whyNot(progress);
  const reported = 'errors' in progress && progress.errors.length > 0;
  const unplaced = !reported || errors.some(({ field }) => at(value, field.split('.')) === undefined);
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={event => {
          event.preventDefault();
          void send();
        }}
        onKeyDown={event => (event.ctrlKey || event.metaKey) && event.key === 'Enter' && void send()}
      >
        <FormContext.Provider value={form}>
          {children}
          {fields.map(field => (
            <Field key={field.name} field={field} path={[...within, field.name]} />
          ))}
        </FormContext.Provider>
        {why && unplaced && (
          <p class="error" role="alert">
            {why}
          </p>
        )}
        <SendOrCancel {...{ busy, submit, careful, onClose }} />
      </form>
    </Dialog>
  );
}
