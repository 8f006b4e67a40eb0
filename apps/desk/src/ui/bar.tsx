import { useEffect } from 'preact/hooks';
import { mayWrite } from '../acts.js';
import type { Me } from '../contracts.js';
import { behind, type Known } from '../known.js';

const lines = { connecting: 'connecting …', live: 'live', lost: 'no connection, retrying' } as const;

/** The positions of the log and of readers, and the lag between them: in words, with a colour beside. */
export function Status({ known, reader }: { known: Known; reader: string | null }) {
  const { story, line, readersLine, visible, delay } = known;
  const late = behind(known);
  const readers = () => {
    if (reader === null) return 'the readers’ address is not set (PUBLIC_URL)';
    if (readersLine !== 'live') return lines[readersLine];
    if (late === undefined) return lines.connecting;
    if (late > 0) return `${late} behind, at ${visible}`;
    return `up to date at ${visible}${delay === undefined ? '' : `, ${delay} ms after the log`}`;
  };
  const good = line === 'live' && late === 0 && readersLine === 'live';
  return (
    <dl class="status">
      <div class={`is-${line}`}>
        <dt>Log</dt>
        <dd>{line === 'live' ? `live at ${story?.position ?? '…'}` : lines[line]}</dd>
      </div>
      <div class={good ? 'is-live' : readersLine === 'lost' ? 'is-lost' : 'is-connecting'}>
        <dt>Readers</dt>
        <dd>{readers()}</dd>
      </div>
    </dl>
  );
}

interface Props {
  readonly id: string;
  readonly known: Known;
  readonly me: Me;
  readonly reader: string | null;
  readonly message: string;
  readonly onPalette: () => void;
  readonly onHelp: () => void;
}

/** The top bar: the story and its state, the person, and the latest notice. */
export function Bar({ id, known, me, reader, message, onPalette, onHelp }: Props) {
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
        {message || (
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
