import type { KindShapes } from '#pages/parts';
import { labelOf } from '../form-model/fields.js';
import { actsOn, letters, mayClassify, mayCorrect, mayRecapture } from '../acts.js';
import type { EditorApi } from '../api.js';
import { AsReadersSeeIt, usePreview } from '../compose/preview.js';
import type { Act, DeskStory, Me } from '../contracts.js';
import type { Row } from '../known.js';
import { withSaidByline } from '../kind/byline.js';
import { Embargo } from './embargo.js';
import { Key } from './keys.js';

interface Props {
  readonly row: Row;
  readonly story: DeskStory;
  readonly kinds: KindShapes;
  readonly acts: readonly Act[];
  readonly me: Me;
  readonly api: EditorApi;
  readonly page: string | undefined;
  /** Which colleagues work on it, in words. */
  readonly working: string | undefined;
  readonly onCorrect: () => void;
  readonly onClassify: () => void;
  readonly onEdit: () => void;
  /** Undefined where the newsroom captures no pages. */
  readonly onRecapture: (() => void) | undefined;
  readonly onAct: (act: Act) => void;
}

/** All acts on the selected development, as buttons. */
function Acts({
  row,
  acts,
  me,
  page,
  onCorrect,
  onClassify,
  onEdit,
  onRecapture,
  onAct,
}: Omit<Props, 'story' | 'kinds' | 'api' | 'working'>) {
  return (
    <p class="buttons">
      {mayCorrect(row, me) && (
        <button type="button" onClick={onCorrect}>
          Correct <Key>{letters.correct!}</Key>
        </button>
      )}
      {mayCorrect(row, me) && (
        <button type="button" onClick={onEdit}>
          Minor edit <Key>{letters.edit!}</Key>
        </button>
      )}
      {mayClassify(row, me) && (
        <button type="button" onClick={onClassify}>
          Classify <Key>{letters.classify!}</Key>
        </button>
      )}
      {onRecapture && mayRecapture(row, me) && (
        <button type="button" onClick={onRecapture}>
          Capture again
        </button>
      )}
      {actsOn(row, acts, me).map(act => (
        <button key={act.act} type="button" onClick={() => onAct(act)}>
          {act.title} {letters[act.act] && <Key>{letters[act.act]!}</Key>}
        </button>
      ))}
      {page && row.entry && (
        <a class="button button-quiet" href={page} target="_blank" rel="noopener">
          View on site
        </a>
      )}
    </p>
  );
}

/** The selected development: the readers' current view, and all acts on it. */
export function Selected({
  row,
  story,
  kinds,
  acts,
  me,
  api,
  page,
  working,
  onCorrect,
  onClassify,
  onEdit,
  onRecapture,
  onAct,
}: Props) {
  const { development, content } = row;
  const { embargo, submitted } = development;
  const previewed = usePreview(api, row.entry ? undefined : withSaidByline(content), story);
  const withheld = previewed && 'entry' in previewed ? previewed.entry : undefined;
  const entry = row.entry ?? withheld;
  return (
    <section class="selected" aria-labelledby="selected-title">
      <h2 id="selected-title">{embargo ? 'Selected: as readers will see it' : 'Selected: as readers see it now'}</h2>
      {embargo && (
        <p class="meanwhile">
          {submitted ? 'Submitted: readers see it once somebody approves it.' : <Embargo {...embargo} />}
        </p>
      )}
      {working && (
        <p class="meanwhile" role="status">
          {working}.
        </p>
      )}
      {entry ? (
        <AsReadersSeeIt entry={entry} story={story} kinds={kinds} />
      ) : (
        <p class="hint">
          {labelOf(development.kind)}: posted, but readers do not see it yet. {row.why}
        </p>
      )}
      <Acts {...{ row, acts, me, page, onCorrect, onClassify, onEdit, onRecapture, onAct }} />
    </section>
  );
}
