import { pageChanges, type PageChange, wordsFor } from '#pages/parts';
import { useEffect, useState } from 'preact/hooks';
import type { EditorApi } from '../api.js';
import type { DeskStory } from '../contracts.js';
import { at, type Value } from '../form-model/values.js';
import { capturesIn, hostOf, noPictureInWords } from '../form/use-capturing.js';
import { send, type Progress } from '../send.js';
import { begun } from '../use-draft.js';
import type { FormAround } from '../form/form.js';
import { Dialog } from './dialog.js';
import { FormDialog } from './form-dialog.js';

interface Props {
  readonly target: string;
  readonly story: DeskStory;
  readonly api: EditorApi;
  readonly form: FormAround;
  /** Loads the present content; undefined if it is not available. */
  readonly load: () => Promise<Value>;
  /** Gets each outcome, also after the dialog was closed. */
  readonly onAnswer: (progress: Progress) => void;
  readonly onClose: () => void;
}

/** A linked page, captured again or not. */
export interface Recaptured {
  /** The capture, with what the page says now if it could be captured again. */
  readonly capture: Value;
  /** Why it could not. */
  readonly failed?: string;
}

/** Captures every page again, one after the other. A page that cannot be captured stays as it was. */
export async function captureAgain(
  captures: readonly Value[],
  again: (url: string) => Promise<Value>,
  onNext: (host: string) => void,
): Promise<Recaptured[]> {
  const made: Recaptured[] = [];
  for (const capture of captures) {
    const url = String(at(capture, ['url']));
    onNext(hostOf(url));
    made.push(
      await again(url).then(
        again => ({ capture: { ...(capture as object), again } as Value }),
        (error: Error) => ({ capture, failed: error.message }),
      ),
    );
  }
  return made;
}

const { capturedAgain: words } = wordsFor('en');
const said = (text: string | undefined) => (text === undefined ? 'nothing' : `“${text}”`);
const pictureInWords = (from: string | undefined, to: string | undefined) =>
  from === undefined ? 'it has a picture now' : to === undefined ? 'its picture is gone' : 'it has another picture';
const changeInWords = ({ field, from, to }: PageChange) =>
  field === 'picture' ? pictureInWords(from, to) : `${words.fields[field]}, from ${said(from)} to ${said(to)}`;

/** What happened to a page, in words. */
export function recapturedInWords({ capture, failed }: Recaptured): string {
  if (failed !== undefined) return `was not captured again. ${failed}`;
  const again = at(capture, ['again']) as Parameters<typeof pageChanges>[1];
  if (again.gone) return 'is gone: its site says that there is no such page.';
  const changes = pageChanges(capture as Parameters<typeof pageChanges>[0], again);
  const changed = changes.length === 0 ? 'says the same.' : `changed: ${changes.map(changeInWords).join('; ')}.`;
  const missing = changes.some(({ field }) => field === 'picture') ? undefined : noPictureInWords(again as Value);
  return [changed, missing].filter(Boolean).join(' ');
}

/** Captures the linked pages of a post again, says what changed, and keeps it for readers if the editor wants to. */
export function RecaptureDialog({ target, story, api, form, load, onAnswer, onClose }: Props) {
  const [made, setMade] = useState<readonly Recaptured[]>();
  const [status, setStatus] = useState('Loading its linked pages …');
  const [draft] = useState(() => begun({ story: story.id, act: 'recapture', on: 'development', target, value: {} }));
  useEffect(() => {
    const capture = async () => {
      const captures = capturesIn({ content: await load() } as Value);
      if (captures.length === 0) return setStatus('This post links to no page that was captured.');
      const again = (url: string) => api.captureAgain(story.id, url);
      setMade(await captureAgain(captures, again, host => setStatus(`Capturing ${host} …`)));
    };
    void capture().catch((error: Error) => setStatus(error.message));
  }, []);
  const isKept = made?.some(({ failed }) => failed === undefined);
  if (!made || !isKept)
    return (
      <Dialog title="Capture again" onClose={onClose}>
        {made ? <Results made={made} /> : <p role="status">{status}</p>}
      </Dialog>
    );
  const submit = async (): Promise<Progress> => {
    const value = { captures: made.map(({ capture }) => capture) } as Value;
    const progress = await send({ ...draft, value }, api, () => undefined);
    onAnswer(progress);
    return progress;
  };
  return (
    <FormDialog
      title="Capture again"
      submit="Show it to readers"
      fields={[]}
      start={{}}
      form={form}
      onSubmit={submit}
      onClose={onClose}
    >
      <Results made={made} />
      <p class="hint">Readers see both: the page as captured first, and what changed. It is no correction of yours.</p>
    </FormDialog>
  );
}

const Results = ({ made }: { made: readonly Recaptured[] }) => (
  <div role="status">
    <ul>
      {made.map(each => {
        const url = String(at(each.capture, ['url']));
        return (
          <li key={url}>
            <bdi>{String(at(each.capture, ['title']) ?? hostOf(url))}</bdi> {recapturedInWords(each)}
          </li>
        );
      })}
    </ul>
  </div>
);
