import { useState } from 'preact/hooks';
import type { Field as FieldModel } from '../form-model/fields.js';
import { at, filledIn, without, type Path } from '../form-model/values.js';
import { instantIn, wallClock } from '../when.js';
import { ActorField, ActorsField, DevelopmentField } from './actor-field.js';
import { ChoiceField, ChoicesField } from './choice-field.js';
import { described, idOf, useForm, type FieldProps } from './form.js';
import { Labelled } from './labelled.js';
import { OddTime } from './odd-time.js';
import { LinesField, TextField } from './text-field.js';
import { WhenField } from './when-field.js';

/** The first year of four digits. */
const firstYear = 1_000;

/** A moment by the story's clocks. */
export function InstantField({ field, path }: FieldProps<'instant'>) {
  const form = useForm();
  const { invalid, describedBy } = described(form, path, field.hint);
  const value = at(form.value, path);
  const shown = typeof value === 'string' ? wallClock(form.zone, Date.parse(value)) : undefined;
  /** What is typed, while its year has fewer than four digits. */
  const [begun, setBegun] = useState<string>();
  const put = (day: string | undefined, time: string | undefined, second = false) =>
    form.put(path, day && time ? instantIn(form.zone, day, time, second) : undefined);
  // Typing a year passes through years such as 0020, which had other clocks: the time of day must not follow them.
  const typed = (text: string) => {
    const isBegun = text !== '' && Number(text.split('-')[0]) < firstYear;
    setBegun(isBegun ? text : undefined);
    if (!isBegun) put(...(text.split('T') as [string?, string?]));
  };
  const isSecond = (clock: { day: string; time: string }) =>
    Date.parse(instantIn(form.zone, clock.day, clock.time)) !== Date.parse(value as string);
  return (
    <span class="moment">
      <input
        id={idOf(form, path)}
        type="datetime-local"
        value={begun ?? (shown && `${shown.day}T${shown.time.slice(0, 5)}`)}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        onInput={e => typed(e.currentTarget.value)}
        // What the field shows is what is sent: the newsroom refuses a year that was left unfinished.
        onBlur={() => begun !== undefined && put(...(begun.split('T') as [string?, string?]))}
      />
      {shown && (
        <OddTime
          zone={form.zone}
          {...shown}
          label={field.label}
          second={isSecond(shown)}
          onSecond={second => put(shown.day, shown.time, second)}
        />
      )}
      <small class="hint">Clocks of {form.zone.replaceAll('_', ' ')}</small>
    </span>
  );
}

function ListField({ field, path }: FieldProps<'list'>) {
  const form = useForm();
  const given = at(form.value, path);
  const items = Array.isArray(given) ? given : [];
  const count = Math.max(items.length, field.required ? Math.max(1, field.min) : 0);
  return (
    <>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} class="item" role="group" aria-label={`${field.label} ${index + 1}`}>
          <div>
            {field.fields.map(inner => (
              <Field key={inner.name} field={inner} path={[...path, index, inner.name]} />
            ))}
          </div>
          {items.length > 0 && (
            <button
              type="button"
              class="button-quiet"
              aria-label={`Remove ${field.label.toLowerCase()} ${index + 1}`}
              onClick={() => form.put(path, at(without(form.value, path, index), path))}
            >
              ✕
            </button>
          )}
        </div>
      ))}
      {count < field.max && (
        <button type="button" class="button-quiet add" onClick={() => form.put([...path, count], {})}>
          + {field.label}
        </button>
      )}
    </>
  );
}

/** A group of fields. In an optional group no field is required until one is filled in. */
function GroupFields({ field, path }: FieldProps<'group'>) {
  const form = useForm();
  const begun = field.required || filledIn(at(form.value, path)) !== undefined;
  return field.fields.map(inner => (
    <Field key={inner.name} field={begun ? inner : { ...inner, required: false }} path={[...path, inner.name]} />
  ));
}

/** The control of any field of any schema. */
export function Field({ field, path }: { field: FieldModel; path: Path }) {
  switch (field.type) {
    case 'line':
    case 'text':
    case 'slug':
    case 'number':
      return (
        <Labelled {...{ field, path }}>
          <TextField field={field} path={path} />
        </Labelled>
      );
    case 'choice':
      return (
        <Labelled {...{ field, path }} group={field.options.length <= 6}>
          <ChoiceField field={field} path={path} />
        </Labelled>
      );
    case 'choices':
      return (
        <Labelled {...{ field, path }} group>
          <ChoicesField field={field} path={path} />
        </Labelled>
      );
    case 'instant':
      return (
        <Labelled {...{ field, path }}>
          <InstantField field={field} path={path} />
        </Labelled>
      );
    case 'lines':
      return (
        <Labelled {...{ field, path }}>
          <LinesField field={field} path={path} />
        </Labelled>
      );
    case 'actor':
      return (
        <Labelled {...{ field, path }}>
          <ActorField field={field} path={path} />
        </Labelled>
      );
    case 'actors':
      return (
        <Labelled {...{ field, path }}>
          <ActorsField field={field} path={path} />
        </Labelled>
      );
    case 'development':
      return (
        <Labelled {...{ field, path }}>
          <DevelopmentField field={field} path={path} />
        </Labelled>
      );
    case 'occurred':
      return (
        <Labelled {...{ field, path }} group>
          <WhenField field={field} path={path} />
        </Labelled>
      );
    case 'list':
      return (
        <Labelled {...{ field, path }} group>
          <ListField field={field} path={path} />
        </Labelled>
      );
    case 'group':
      return (
        <Labelled {...{ field, path }} group>
          <GroupFields field={field} path={path} />
        </Labelled>
      );
  }
}
