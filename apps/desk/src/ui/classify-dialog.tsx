import { useMemo, useState } from 'preact/hooks';
import type { EditorApi } from '../api.js';
import type { Catalogue, DeskStory } from '../contracts.js';
import { formOf } from '../form-model/fields.js';
import { at, isRecord, type Value } from '../form-model/values.js';
import { drawNow, focusSoon, type Form } from '../form/form.js';
import { plainKind } from '../kind/defaults.js';
import { send, type Progress } from '../send.js';
import { begun } from '../use-draft.js';
import { Combobox } from './combobox.js';
import { FormDialog } from './form-dialog.js';

interface Props {
  readonly target: string;
  /** The update’s text, as readers see it. */
  readonly about: string;
  readonly story: DeskStory;
  readonly catalogue: Catalogue;
  readonly api: EditorApi;
  readonly form: Omit<Form, 'name' | 'value' | 'put' | 'errors'>;
  /** Gets each outcome, also after the dialog was closed. */
  readonly onAnswer: (progress: Progress) => void;
  readonly onClose: () => void;
}

/** Gives a plain update its kind and the fields of that kind. It changes no word that readers see. */
export function ClassifyDialog({ target, about, story, catalogue, api, form, onAnswer, onClose }: Props) {
  const [kind, setKind] = useState<string>();
  const [draft] = useState(() => begun({ story: story.id, act: 'classify', on: 'development', target, value: {} }));
  const fields = useMemo(() => (kind ? (formOf(catalogue.content, kind)?.own ?? []) : []), [catalogue, kind]);
  const kinds = catalogue.kinds.filter(entry => entry.kind !== plainKind);
  const title = kinds.find(entry => entry.kind === kind)?.title;
  const submit = async (value: Value): Promise<Progress> => {
    const data = at(value, ['data']);
    const own = fields.map(({ name }) => [name, isRecord(data) ? data[name] : undefined] as const);
    const progress = await send({ ...draft, value: { kind, data: Object.fromEntries(own) } }, api, () => undefined);
    onAnswer(progress);
    return progress;
  };
  return (
    <FormDialog
      title="Classify"
      submit="Classify"
      fields={fields}
      within={['data']}
      start={{ data: {} }}
      form={form}
      onSubmit={submit}
      onClose={onClose}
    >
      <p class="about">{about}</p>
      <p class="hint">Readers see the same words as before. It is no correction.</p>
      <div class="row" data-field="kind">
        <label for="classify-kind">Kind</label>
        <div>
          {title && <strong>{title}</strong>}
          <Combobox
            id="classify-kind"
            eager
            limit={40}
            choices={kinds.map(({ kind, title }) => ({ id: kind, label: title }))}
            placeholder={title ? 'another kind' : 'Arrival, statement, outcome …'}
            onPick={({ id }) => {
              drawNow(() => setKind(id));
              const [first] = formOf(catalogue.content, id)?.own ?? [];
              if (first) focusSoon(`dialog-data-${first.name}`);
            }}
          />
        </div>
      </div>
    </FormDialog>
  );
}
