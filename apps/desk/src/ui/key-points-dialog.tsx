import type { DeskKeyPoints } from '#contract';
import { pathTo } from '#client';
import { useEffect, useState } from 'preact/hooks';
import type { EditorApi } from '../api.js';
import type { DeskStory, FieldError } from '../contracts.js';
import { bodyOf, errorsAt, groundless, itemsOf, most, moved, toDo, written, type Item } from '../key-points.js';
import { nameOf, type Row } from '../known.js';
import { isSent, send, type Progress } from '../send.js';
import { begun, newKey } from '../use-draft.js';
import { Dialog } from './dialog.js';
import { SendOrCancel } from './form-dialog.js';

interface Props {
  readonly story: DeskStory;
  readonly api: EditorApi;
  readonly rows: readonly Row[];
  readonly clock: (recorded: string) => string;
  /** Proposes the takedown of a point; absent where the person may not. */
  readonly onTakedown: ((text: string) => void) | undefined;
  /** Gets each outcome, also after the dialog was closed. */
  readonly onAnswer: (progress: Progress) => void;
  readonly onClose: () => void;
}

/** What readers and editors call the list of key points. */
export const title = 'What we know';

/** Where an editor writes the story's key points, orders them, and sees to those whose ground has changed. */
export function KeyPointsDialog(props: Props) {
  const { story, api, onClose } = props;
  const [held, setHeld] = useState<DeskKeyPoints>();
  const [failed, setFailed] = useState('');
  const load = () =>
    void api
      .get<DeskKeyPoints>(pathTo('stories', story.id, 'key-points'))
      .then(setHeld, (error: Error) => setFailed(error.message));
  useEffect(load, []);
  if (held) return <KeyPointsForm key={held.head} {...props} held={held} onReload={load} />;
  return (
    <Dialog title={title} onClose={onClose}>
      <p role={failed ? 'alert' : 'status'}>{failed || 'Loading the points …'}</p>
    </Dialog>
  );
}

function KeyPointsForm(props: Props & { held: DeskKeyPoints; onReload: () => void }) {
  const { story, api, rows, clock, held, onTakedown, onReload, onAnswer, onClose } = props;
  const [first] = useState<readonly Item[]>(() => itemsOf(held));
  const [items, setItems] = useState(first);
  const [key, setKey] = useState(newKey);
  const [head, setHead] = useState(held.head);
  const [progress, setProgress] = useState<Progress>({ at: 'editing' });
  const errors: readonly FieldError[] = 'errors' in progress ? progress.errors : [];
  const busy = 'at' in progress && progress.at !== 'editing';
  const change = (next: readonly Item[]) => {
    setItems(next);
    setKey(newKey());
    setProgress({ at: 'editing' });
  };
  const put = (id: string, more: Partial<Item>) =>
    change(items.map(item => (item.id === id ? { ...item, ...more } : item)));
  const save = async () => {
    if (busy) return;
    const sent = written(items);
    setItems(sent);
    const lacking = groundless(sent);
    if (lacking.length > 0) return setProgress({ reply: 'refused', code: 'groundless', detail: '', errors: lacking });
    setProgress({ at: 'sending' });
    const draft = begun({ story: story.id, act: 'key-points', on: 'story', value: bodyOf(sent), head });
    const outcome = await send({ ...draft, id: key }, api, setProgress);
    if ('reply' in outcome && outcome.reply === 'conflict') setHead(outcome.head);
    setProgress(outcome);
    onAnswer(outcome);
  };
  const add = () => change([...items, { id: newKey(), words: '', cites: [], checked: false }]);
  return (
    <Dialog title={title} class="key-points" onClose={onClose}>
      <form
        onSubmit={event => {
          event.preventDefault();
          void save();
        }}
        onKeyDown={event => (event.ctrlKey || event.metaKey) && event.key === 'Enter' && void save()}
      >
        <p class="hint">
          Short points at the top of the story’s page. Each one rests on updates: if one of them is retracted, readers
          see the point struck at once.
        </p>
        {items.length === 0 && <p class="hint">The story has no points yet.</p>}
        <ol>
          {items.map((item, n) => (
            <Point
              key={item.id}
              {...{ item, n, rows, clock, onTakedown }}
              isSaved={items === first}
              last={n === items.length - 1}
              errors={errorsAt(errors, n)}
              onPut={more => put(item.id, more)}
              onMove={by => change(moved(items, n, by))}
              onRemove={() => change(items.filter(({ id }) => id !== item.id))}
            />
          ))}
        </ol>
        {items.length < most.points && (
          <button type="button" onClick={add}>
            Add a point
          </button>
        )}
        {'reply' in progress && progress.reply === 'conflict' && (
          <p class="meanwhile" role="status">
            <span>A colleague changed the points meanwhile. Save again to replace theirs, or start from theirs.</span>
            <button type="button" onClick={onReload}>
              Load theirs
            </button>
          </p>
        )}
        {'detail' in progress && !isSent(progress) && errors.length === 0 && (
          <p class="error" role="alert">
            {progress.detail}
          </p>
        )}
        <SendOrCancel {...{ busy, onClose }} submit="Save the points" />
      </form>
    </Dialog>
  );
}

interface PointProps extends Pick<Props, 'rows' | 'clock' | 'onTakedown'> {
  readonly item: Item;
  /** Nothing in the form waits to be saved. */
  readonly isSaved: boolean;
  readonly n: number;
  readonly last: boolean;
  readonly errors: readonly FieldError[];
  readonly onPut: (more: Partial<Item>) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

function Point(props: PointProps) {
  const { item, isSaved, n, last, errors, rows, clock, onTakedown, onPut, onMove, onRemove } = props;
  const { id, was, words, checked } = item;
  const todo = toDo(item);
  const name = `Point ${n + 1}`;
  return (
    <li class={todo && `is-${todo}`} aria-label={name}>
      <label>
        <span class="unseen">{name}</span>
        <textarea
          rows={2}
          maxLength={most.length}
          value={words}
          placeholder="One sentence that readers should know"
          onInput={event => onPut({ words: event.currentTarget.value })}
        />
      </label>
      {todo === 'rewrite' && was && (
        <p class="meanwhile">
          <strong>Rewrite</strong>{' '}
          {was.words === null
            ? 'Its words were taken down.'
            : 'It rests on an update that was retracted or taken down. Readers see it struck.'}
        </p>
      )}
      {was && (todo === 'check' || checked) && (
        <p class="meanwhile">
          <strong>Check</strong> It rests on a corrected or replaced update.
          <label class="check">
            <input
              type="checkbox"
              checked={checked}
              onChange={event => onPut({ checked: event.currentTarget.checked })}
            />
            It still holds as it is
          </label>
        </p>
      )}
      <Cites {...{ item, name, rows, clock, onPut }} />
      {errors.map(({ field, message }) => (
        <p key={field} class="error" role="alert">
          {message}
        </p>
      ))}
      <p class="buttons">
        <button
          type="button"
          class="button-quiet"
          aria-label={`${name}: up`}
          disabled={n === 0}
          onClick={() => onMove(-1)}
        >
          Up
        </button>
        <button
          type="button"
          class="button-quiet"
          aria-label={`${name}: down`}
          disabled={last}
          onClick={() => onMove(1)}
        >
          Down
        </button>
        <button type="button" class="button-quiet" aria-label={`${name}: remove`} onClick={onRemove}>
          Remove
        </button>
        {was && was.words !== null && onTakedown && (
          <button
            type="button"
            class="button-quiet"
            aria-label={`${name}: propose to take down`}
            // Its form takes the place of this one, with what is not saved.
            disabled={!isSaved}
            title={isSaved ? undefined : 'Save the points first.'}
            onClick={() => onTakedown(id)}
          >
            Propose to take down
          </button>
        )}
      </p>
    </li>
  );
}

/** The updates under a point, and the choice of another one. */
function Cites({
  item,
  name,
  rows,
  clock,
  onPut,
}: Pick<PointProps, 'item' | 'rows' | 'clock' | 'onPut'> & { name: string }) {
  const { was, cites } = item;
  const rowOf = (id: string) => rows.find(({ development }) => development.id === id);
  const isOver = (id: string) => {
    const status = rowOf(id)?.development.status;
    return was?.struckBy.includes(id) || status === 'retracted' || status === 'taken-down';
  };
  const label = (row: Row) => `${row.entry ? clock(row.entry.recorded) : ''} ${nameOf(row)}`.trim();
  const offered = rows.filter(
    ({ development: { id, status, embargo }, entry }) =>
      entry && !embargo && (status === 'active' || status === 'superseded') && !cites.includes(id),
  );
  return (
    <>
      <ul class="cites">
        {cites.map(id => {
          const row = rowOf(id);
          const text = row ? nameOf(row) : id;
          return (
            <li key={id}>
              {isOver(id) ? <del>{text}</del> : text}{' '}
              <button
                type="button"
                class="button-quiet"
                aria-label={`${name}: rests no longer on ${text}`}
                onClick={() => onPut({ cites: cites.filter(each => each !== id) })}
              >
                ×
              </button>
            </li>
          );
        })}
      </ul>
      {cites.length < most.cites && (
        <select
          aria-label={`${name}: rests on`}
          value=""
          onChange={event => event.currentTarget.value && onPut({ cites: [...cites, event.currentTarget.value] })}
        >
          <option value="">{cites.length === 0 ? 'Choose the update it rests on' : 'Add another update'}</option>
          {offered.map(row => (
            <option key={row.development.id} value={row.development.id}>
              {label(row)}
            </option>
          ))}
        </select>
      )}
    </>
  );
}
