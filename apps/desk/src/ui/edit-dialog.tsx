import { useEffect, useMemo, useState } from 'preact/hooks';
import type { EditorApi } from '../api.js';
import type { Catalogue, DeskStory } from '../contracts.js';
import { formOf, type Field } from '../form-model/fields.js';
import { at, filledIn, type Value } from '../form-model/values.js';
import { useForm, type Form } from '../form/form.js';
import { send, type Progress } from '../send.js';
import { begun } from '../use-draft.js';
import { Dialog } from './dialog.js';
import { FormDialog, refusal } from './form-dialog.js';

interface Props {
  readonly target: string;
  readonly story: DeskStory;
  readonly catalogue: Catalogue;
  readonly api: EditorApi;
  readonly form: Omit<Form, 'name' | 'value' | 'put' | 'errors'>;
  /** Loads the present content; undefined if it is not available. */
  readonly load: () => Promise<Value>;
  /** Continues as a correction: `value` has the texts as they are in the form now, `was` and `head` are what it began with. */
  readonly onCorrect: (correction: { was: Value; value: Value; head: string }) => void;
  /** Gets each outcome, also after the dialog was closed. */
  readonly onAnswer: (progress: Progress) => void;
  readonly onClose: () => void;
}

/** What a minor edit may change. */
interface Edited {
  readonly headline?: Value;
  readonly body?: Value;
  readonly deadLinks?: Value;
}

const deadLinks: Field = {
  ...{ name: 'deadLinks', label: 'Dead links', required: false, type: 'lines', max: 20 },
  hint: 'Addresses in the text that no longer work, if you change or remove them.',
};

/** The content to edit, and the story's head as it was asked for. */
interface Loaded {
  readonly was: Value;
  readonly head: string;
  /** Why it could not be loaded. */
  readonly failed?: string;
}

/** Edits spelling, grammar or a dead link. Readers see when, and no correction. Anything else becomes a correction. */
export function EditDialog(props: Props) {
  const { catalogue, story, load, onClose } = props;
  const [loaded, setLoaded] = useState<Loaded>();
  const read = () => {
    // The head is that of before: the text may be newer than the head, but not older.
    const { head } = story;
    setLoaded(undefined);
    void load().then(
      was => setLoaded({ was, head }),
      (error: Error) => setLoaded({ was: undefined, head, failed: error.message }),
    );
  };
  useEffect(read, []);
  const was = loaded?.was;
  const fields = useMemo(() => {
    const common = formOf(catalogue.content, String(at(was, ['kind'])))?.common ?? [];
    const written = common.filter(({ name }) => ['headline', 'body'].includes(name));
    return [...written.filter(({ name }) => at(was, [name]) !== undefined), deadLinks];
  }, [catalogue, was]);
  if (loaded && was && fields.length > 1)
    return <EditForm {...props} was={was} head={loaded.head} fields={fields} onReload={read} />;
  return (
    <Dialog title="Minor edit" onClose={onClose}>
      <p role="status">{loaded ? (loaded.failed ?? noText) : 'Loading its text …'}</p>
    </Dialog>
  );
}

function EditForm(props: Props & { was: Value; head: string; fields: readonly Field[]; onReload: () => void }) {
  const { target, story, api, form, was, head, fields, onReload, onCorrect, onAnswer, onClose } = props;
  const [draft] = useState(() => begun({ story: story.id, act: 'edit', on: 'development', target, value: {}, head }));
  const [isMore, setMore] = useState(false);
  const [isOvertaken, setOvertaken] = useState(false);
  const editedIn = (value: Value) => {
    const changed = fields
      .map(({ name }) => [name, at(value, [name])] as const)
      .filter(([name, text]) => text !== at(was, [name]));
    return Object.fromEntries(changed) as Edited;
  };
  const submit = async (value: Value): Promise<Progress> => {
    const edited = editedIn(value);
    const { deadLinks: _deadLinks, ...texts } = edited;
    if (filledIn(texts as Value) === undefined) return refusal('unchanged', unchanged);
    const progress = await send({ ...draft, value: edited as Value }, api, () => undefined);
    onAnswer(progress);
    if ('reply' in progress && progress.reply === 'conflict') {
      setOvertaken(true);
      setMore(false);
      return refusal('overtaken', overtaken);
    }
    setMore('code' in progress && progress.code === 'not-minor');
    return progress;
  };
  const correct = (value: Value) => {
    const { deadLinks: _deadLinks, ...texts } = editedIn(value);
    onCorrect({ was, value: { content: { ...(was as object), ...texts } }, head });
  };
  const { headline, body } = was as Edited;
  return (
    <FormDialog
      title="Minor edit"
      submit="Save the edit"
      fields={fields}
      start={{ headline, body } as Value}
      form={form}
      onSubmit={submit}
      onClose={onClose}
    >
      <p class="hint">For spelling, grammar and dead links. Readers see when it was edited, and no correction.</p>
      {isOvertaken && (
        <p class="meanwhile" role="status">
          <span>The text of this form is older than a colleague’s change.</span>
          <button type="button" onClick={onReload}>
            Load the text as it is now
          </button>
        </p>
      )}
      {isMore && <ToCorrection onCorrect={correct} />}
    </FormDialog>
  );
}

/** Offers a correction with what the form holds when the button is pressed: the editor may have gone on writing. */
function ToCorrection({ onCorrect }: { onCorrect: (value: Value) => void }) {
  const { value } = useForm();
  return (
    <p class="meanwhile" role="status">
      <span>This changes more than a slip of the pen.</span>
      <button type="button" onClick={() => onCorrect(value)}>
        Make it a correction
      </button>
    </p>
  );
}

const unchanged = 'Nothing has changed yet.';
const overtaken = 'A colleague changed this post meanwhile, so your edit is not saved. Load the text, and edit that.';
const noText = 'There is no text here that can be edited. Correct the post instead.';
