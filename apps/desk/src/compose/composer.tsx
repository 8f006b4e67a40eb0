import type { KindShapes } from '#pages/parts';
import { useMemo } from 'preact/hooks';
import { formOf, type Field as FieldModel } from '../form-model/fields.js';
import { at, put, type Value } from '../form-model/values.js';
import type { Catalogue } from '../contracts.js';
import type { Draft } from '../drafts.js';
import type { Change } from '../use-draft.js';
import { capturesIn, capturesPath, useCapturing, withCapture } from '../form/use-capturing.js';
import { Field } from '../form/field.js';
import { PicturesField, withMedia } from '../form/pictures-field.js';
import { drawNow, FormContext, type Form } from '../form/form.js';
import { plainKind, type PostingDefaults } from '../kind/defaults.js';
import { knownInWords, moreInWords, whenInWords } from '../kind/in-words.js';
import { ofKind, quoting, type Written } from '../kind/kind-change.js';
import type { Choice } from '../match.js';
import { Combobox } from '../ui/combobox.js';
import { wallClock } from '../when.js';
import type { FoldName } from './fold-names.js';
import { Folds, focusText, useFolds } from './folds.js';
import { ModalityFields, SourcingFields } from './known.js';
import { More } from './more.js';
import { WritingField } from './writing-field.js';

interface Props {
  readonly draft: Draft;
  readonly catalogue: Catalogue;
  readonly kinds: KindShapes;
  /** What the server records for the fields that a new development leaves out. */
  readonly defaults: PostingDefaults;
  readonly form: Omit<Form, 'name' | 'value' | 'put'>;
  readonly conditions: readonly Choice[];
  /** The poster's name, which is the byline of a new development that gives no other. */
  readonly own: string | undefined;
  readonly onChange: (change: Change, of?: string) => void;
  /** Opens the form of the story’s defaults; undefined for people who may not change them. */
  readonly onDefaults: (() => void) | undefined;
}

const text = (name: string, label: string, hint: string): FieldModel => ({
  name,
  label,
  hint,
  required: true,
  type: 'text',
  max: 1_000,
});
const corrected = [
  text('wrong', 'What was wrong', 'Readers see this next to the correction.'),
  text('reason', 'Why', 'How the desk found out; readers see this too.'),
];

type Common = (name: string) => FieldModel | undefined;

const isGroup = (field: FieldModel | undefined): field is FieldModel & { type: 'group' } => field?.type === 'group';

/** The form's value with the defaults of the fields that a new development leaves out. */
const withDefaults = (value: Value, defaults: PostingDefaults): Value => {
  const given = (name: 'sourcing' | 'modality') => at(value, ['content', name]) ?? (defaults[name] as Value);
  return put(put(value, ['content', 'sourcing'], given('sourcing')), ['content', 'modality'], given('modality'));
};

/** Focuses the first empty field of the draft's kind, or else the text. */
function focusEmpty(own: readonly FieldModel[], value: Value): void {
  const empty = own.find(({ name }) => (at(value, ['content', 'data', name]) ?? '') === '');
  if (!empty || !focusFirst(`content.data.${empty.name}`)) focusText();
}

/** The source and the certainty. */
function How({ common, ...given }: { common: Common; modes: readonly string[]; conditions: readonly Choice[] }) {
  const [sourcing, modality] = [common('sourcing'), common('modality')];
  return (
    <>
      {isGroup(sourcing) && <SourcingFields field={sourcing} path={['content', 'sourcing']} />}
      {isGroup(modality) && <ModalityFields {...given} field={modality} path={['content', 'modality']} />}
    </>
  );
}

/** What the story’s posts say where their editors say nothing. */
function Defaults({ defaults, onDefaults }: Pick<Props, 'defaults' | 'onDefaults'>) {
  return (
    <p class="hint">
      This story’s default: {knownInWords(defaults.sourcing, defaults.modality, actor => actor)}.{' '}
      {onDefaults && (
        <button type="button" class="button-quiet" onClick={onDefaults}>
          Change it for the story …
        </button>
      )}
    </p>
  );
}

/** Whether a byline can hold the name. The server gives a new development no byline otherwise. */
const fits = (name: string | undefined, byline: FieldModel | undefined): boolean => {
  const field = byline?.type === 'list' ? byline.fields.find(inner => inner.name === 'name') : undefined;
  return name !== undefined && field?.type === 'line' && name.length <= field.max;
};

/** What the folded parts hold, in words. */
function inWords({ value, zone, actors }: Form, kind: string, own: string | undefined): Record<FoldName, string> {
  const part = (name: string) => at(value, ['content', name]);
  const clock = (until: string) => {
    const { day, time } = wallClock(zone, Date.parse(until));
    return `${day} ${time.slice(0, 5)}`;
  };
  return {
    kind,
    how: knownInWords(part('sourcing'), part('modality'), actor => actors.get(actor)?.name ?? actor),
    when: whenInWords(part('occurred'), zone),
    more: moreInWords(value, clock, own),
  };
}

/** The form of a draft: its value with the defaults. A group of fields is written as a whole once one of them is touched. */
function formFor({ draft, defaults, form, onChange }: Props): Form {
  const whole = ({ act, value }: Draft) => (act === 'record' ? withDefaults(value, defaults) : value);
  return {
    ...form,
    name: 'draft',
    value: whole(draft),
    put: (path, inner) => {
      const group = path.slice(0, 2);
      const isWhole = ['content.sourcing', 'content.modality'].includes(group.join('.'));
      onChange(now => {
        const base = isWhole ? put(now.value, group, at(whole(now), group)) : now.value;
        return { value: put(base, path, inner) };
      });
    },
  };
}

const beside = new Set(['sourcing', 'modality', 'occurred', 'body']);

/** The form for a new or a corrected development: the text, the fields of its kind, and the rest in one line. */
export function Composer(props: Props) {
  const { draft, catalogue, kinds, defaults, form: around, conditions, onChange, onDefaults } = props;
  const fresh = draft.act === 'record';
  const kind = String(at(draft.value, ['content', 'kind']) ?? plainKind);
  const model = useMemo(() => formOf(catalogue.content, kind), [catalogue, kind]);
  const choices = useMemo(
    () => catalogue.kinds.map(({ kind, title }): Choice => ({ id: kind, label: title })),
    [catalogue],
  );
  const { names: open, toggle } = useFolds(draft.id, around.errors);
  const form = formFor(props);
  // The editor may write another draft by the time that a slow site answers, or that a file has arrived.
  const addCapture = (capture: Value, of = draft.id) =>
    onChange(({ value }) => ({ value: put(value, capturesPath, withCapture(capturesIn(value), capture)) }), of);
  const capturing = useCapturing(around.capture, draft.id, addCapture, around.adding);
  if (!model) return <p class="error">This page does not know the kind “{kind}”. Reload it.</p>;
  const { title, modes } = catalogue.kinds.find(entry => entry.kind === kind)!;
  const { own } = model;
  const common: Common = name => model.common.find(field => field.name === name);
  const [occurred, body] = [common('occurred'), common('body')];
  const poster = fresh && fits(props.own, common('byline')) ? props.own : undefined;
  const change = (rewrite: (written: Draft) => Written) => {
    let next: Value;
    const rewritten = (now: Draft): Written => {
      const held = at(now.value, ['content', 'kind']) ?? plainKind;
      const written = rewrite({ ...now, value: put(now.value, ['content', 'kind'], held) });
      next = written.value;
      return written;
    };
    drawNow(() => onChange(rewritten));
    focusEmpty(formOf(catalogue.content, String(at(next, ['content', 'kind'])))?.own ?? [], next);
  };
  const shapes = { catalogue, kinds, defaults };
  const named = (next: string) =>
    change(written => ofKind({ ...written, value: put(written.value, ['content', 'body'], '') }, next, shapes));
  const parts = {
    kind: (
      <div class="row is-kind">
        <label for="draft-kind">Kind</label>
        <Combobox
          id="draft-kind"
          eager
          limit={40}
          choices={choices}
          placeholder="Arrival, statement, outcome …"
          onPick={({ id }) => change(written => ofKind(written, id, shapes))}
        />
      </div>
    ),
    how: (
      <>
        <How {...{ common, modes, conditions }} />
        {fresh && <Defaults {...{ defaults, onDefaults }} />}
      </>
    ),
    when: occurred && <Field field={{ ...occurred, label: 'When', required: !fresh }} path={['content', 'occurred']} />,
    more: (
      <More
        key={draft.id}
        own={poster}
        others={model.common.filter(({ name }) => !beside.has(name))}
        fresh={fresh}
        capturing={capturing}
        lifts={catalogue.acts.some(({ act }) => act === 'lift')}
      />
    ),
  };
  const plain = own.length === 0;
  return (
    <FormContext.Provider value={form}>
      {!fresh && (
        <section aria-label="The correction">
          {corrected.map(field => (
            <Field key={field.name} field={field} path={[field.name]} />
          ))}
        </section>
      )}
      {body?.type === 'text' && (
        <WritingField
          {...(plain
            ? { label: title, placeholder: 'What is happening?' }
            : { label: 'Text', placeholder: 'More, if there is more to say' })}
          plain={plain}
          field={body}
          path={['content', 'body']}
          kinds={choices.filter(({ id }) => id !== kind)}
          onKind={named}
          capturing={capturing}
          onQuote={(quotation, speaker) => change(written => quoting(written, quotation, speaker, shapes))}
        />
      )}
      <PicturesField
        key={draft.id}
        onMedia={(rewrite, of = draft.id) => onChange(({ value }) => ({ value: withMedia(value, rewrite) }), of)}
      />
      {!plain && (
        <section aria-label={title}>
          {own.map(field => (
            <Field key={field.name} field={field} path={['content', 'data', field.name]} />
          ))}
        </section>
      )}
      <Folds open={open} onToggle={toggle} words={inWords(form, title, poster)} parts={parts} />
    </FormContext.Provider>
  );
}

/** Focuses the field, the first field inside it, or the group around it. Returns whether one was found. */
export function focusFirst(field: string): boolean {
  const row = (document.querySelector('dialog[open]') ?? document).querySelector(
    `[data-field="${CSS.escape(field).replaceAll('\\.', '.')}"]`,
  );
  const control = row?.querySelector<HTMLElement>('input, select, textarea');
  (control ?? (row as HTMLElement | null))?.focus();
  const around = field.split('.').slice(0, -1).join('.');
  return row !== null || (around !== '' && focusFirst(around));
}
