import { useEffect } from 'preact/hooks';
import { mayWrite } from '../acts.js';
import type { Me } from '../contracts.js';
import type { Known } from '../known.js';
import { Status } from './status.js';

interface Props {
  readonly id: string;
  readonly known: Known;
  readonly me: Me;
  readonly reader: string | null;
  readonly said: string;
  readonly onPalette: () => void;
  readonly onHelp: () => void;
}

/** The top bar: the story and its state, the person, and the latest notice. */
export function Bar({ id, known, me, reader, said, onPalette, onHelp }: Props) {
  const { story } = known;
  const writes = mayWrite(me);
  useEffect(() => {
    if (story) document.title = `${story.title} – Desk`;
  }, [story?.title]);
  return (
    <>
      <a class="unseen skip" href={writes ? '#draft-kind' : '#developments'}>
        {writes ? 'Skip to writing' : 'Skip to the developments'}
      </a>
      <header class="bar">
        <a class="wordmark" href="/desk">
          Dateline
        </a>
        <h1>{story?.title ?? id}</h1>
        {story?.status === 'closed' && <span class="mark">closed</span>}
        <Status known={known} reader={reader} />
        <span class="who">{me.name ?? me.id}</span>
        <button type="button" class="button-quiet" onClick={onPalette}>
          Do … <kbd aria-hidden="true">Ctrl K</kbd>
        </button>
        <button type="button" class="button-quiet" onClick={onHelp} aria-label="Keyboard shortcuts">
          <kbd aria-hidden="true">?</kbd>
        </button>
      </header>
      <p class="said" role="status" aria-live="polite">
        {said || (
          <span aria-hidden="true">
            {writes && (
              <>
                <kbd>n</kbd> writes,{' '}
              </>
            )}
            <kbd>/</kbd> finds, <kbd>?</kbd> lists the keys
          </span>
        )}
      </p>
    </>
  );
}
