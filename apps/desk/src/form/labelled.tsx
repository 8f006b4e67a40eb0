import type { ComponentChildren } from 'preact';
import type { Field } from '../form-model/fields.js';
import type { Path } from '../form-model/values.js';
import { errorOf, idOf, useForm } from './form.js';
import { labelIn, saidOf } from './said.js';

/** A row of the form: the label, the control, the error and the hint. */
export function Labelled({
  field,
  path,
  children,
  group = false,
}: {
  field: Field;
  path: Path;
  children: ComponentChildren;
  /** Several controls share one label. */
  group?: boolean;
}) {
  const form = useForm();
  const id = idOf(form, path);
  const error = errorOf(form, path, field.type === 'occurred' ? ['precision'] : []);
  const label = (
    <>
      {labelIn(field)}
      {field.required && (
        <span class="required">
          <span class="unseen"> required</span>
        </span>
      )}
    </>
  );
  const rest = (
    <>
      {children}
      {error && (
        <p class="error" id={`${id}-error`}>
          {saidOf(field, error, error.field.split('.').at(-1))}
        </p>
      )}
      {field.hint && (
        <p class="hint" id={`${id}-hint`}>
          {field.hint}
        </p>
      )}
    </>
  );
  if (!group)
    return (
      <div class={`row is-${field.type}`} data-field={path.join('.')}>
        <label for={id}>{label}</label>
        <div>{rest}</div>
      </div>
    );
  return (
    <fieldset class={`row is-${field.type}`} id={id} data-field={path.join('.')} tabIndex={-1}>
      <legend>{label}</legend>
      <div>{rest}</div>
    </fieldset>
  );
}
