import type { KindShapes } from '#pages/parts';
import type { EditorApi } from '../api.js';
import { DraftPreview } from '../compose/preview.js';
import type { Act, Catalogue, DeskStory, Me } from '../contracts.js';
import type { Draft } from '../drafts.js';
import type { Row } from '../known.js';
import { Selected } from './selected.js';

interface Props {
  readonly row: Row | undefined;
  /** The open draft; undefined while nothing is written. */
  readonly draft: Draft | undefined;
  readonly story: DeskStory | undefined;
  readonly kinds: KindShapes;
  readonly me: Me;
  readonly api: EditorApi;
  readonly catalogue: Catalogue;
  /** The address of the selected development’s page for readers. */
  readonly page: string | undefined;
  /** Which colleagues work on a development, in words. */
  readonly working: (development: string) => string | undefined;
  readonly onCorrect: (row: Row) => void;
  readonly onClassify: (development: string) => void;
  readonly onEdit: (development: string) => void;
  readonly onRecapture: ((development: string) => void) | undefined;
  readonly onAct: (act: Act, development: string) => void;
}

/** The right column of the desk: the draft and the selected development, as readers see them. */
export function View(props: Props) {
  const {
    row,
    draft,
    story,
    kinds,
    me,
    api,
    catalogue,
    page,
    working,
    onCorrect,
    onClassify,
    onEdit,
    onRecapture,
    onAct,
  } = props;
  return (
    <section class="pane view" aria-label="As readers see it">
      {draft && story && <DraftPreview {...{ draft, story, kinds, api }} content={catalogue.content} />}
      {row && story && (
        <Selected
          {...{ row, story, kinds, me, api, page }}
          acts={catalogue.acts}
          working={working(row.development.id)}
          onCorrect={() => onCorrect(row)}
          onClassify={() => onClassify(row.development.id)}
          onEdit={() => onEdit(row.development.id)}
          onRecapture={onRecapture && (() => onRecapture(row.development.id))}
          onAct={act => onAct(act, row.development.id)}
        />
      )}
      {!draft && !row && <p class="empty">Select a post to see it as readers do, and to correct it or act on it.</p>}
    </section>
  );
}
