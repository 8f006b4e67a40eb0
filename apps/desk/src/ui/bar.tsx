import { useEffect } from 'preact/hooks';
import { mayWrite } from '../acts.js';
import type { Me } from '../contracts.js';
import { behind, type Known } from '../known.js';
import { Continues } from './continues.js';
import { altKey } from './keys.js';

const lines = { connecting: 'connecting …', live: 'connected', lost: 'no connection, retrying' } as const;

const counted = (count: number) => (count === 1 ? '1 post' : `${count} posts`);

/** Whether the desk is connected, and whether readers see everything: in words, with a colour beside. */
export function Status({ known, reader }: { known: Known; reader: string | null }) {
  const { story, line, readersLine, visible, delay } = known;
  const late = behind(known);
  const readers = () => {
    if (reader === null) return 'their pages are not set up (PUBLIC_URL)';
    if (readersLine !== 'live') return lines[readersLine];
    if (late === undefined) return lines.connecting;
    return late > 0 ? `do not see the last ${counted(late)} yet` : 'see everything';
  };
  const good = line === 'live' && late === 0 && readersLine === 'live';
  // For people who look after the newsroom's machines.
  const log = `Position ${story?.position ?? '…'} of the log`;
  const theirs = `Position ${visible}${delay === undefined ? '' : `, ${delay} ms after the log`}`;
  return (
    <dl class="status">
      <div class={`is-${line}`} title={log}>
        <dt>Desk</dt>
        <dd>{lines[line]}</dd>
      </div>
      <div
        class={good ? 'is-live' : readersLine === 'lost' ? 'is-lost' : 'is-connecting'}
        title={visible < 0 ? undefined : theirs}
      >
        <dt>Readers</dt>
        <dd>{readers()}</dd>
      </div>
    </dl>
  );
}

/** That the story is closed, and where its coverage goes on. */
function Closed({ known: { continues }, reader }: Pick<Props, 'known' | 'reader'>) {
  return (
    <>
      <span class="mark">closed</span>
      {continues !== undefined && reader !== null && <Continues story={continues} reader={reader} />}
    </>
  );
}

interface Props {
  readonly id: string;
  readonly known: Known;
  readonly me: Me;
  readonly reader: string | null;
  /** The address of the story’s page for readers, if it is known. */
  readonly site: string | undefined;
  readonly message: string;
  /** The colleagues at the story now. */
  readonly colleagues: readonly { readonly id: string; readonly name: string; readonly writes: boolean }[];
  readonly onPalette: () => void;
  readonly onHelp: () => void;
}

/** How many colleagues the bar names. */
const mostNamed = 4;

/** Who else is at the story, and who of them is writing. */
function Colleagues({ colleagues }: Pick<Props, 'colleagues'>) {
  if (colleagues.length === 0) return null;
  const named = colleagues.slice(0, mostNamed).map(({ name, writes }) => (writes ? `${name} (writing)` : name));
  const more = colleagues.length - named.length;
  return (
    <span class="who colleagues">
      Also here: {named.join(', ')}
      {more > 0 && ` and ${more} more`}
    </span>
  );
}

/** The top bar: the story and its state, the person, and the latest notice. */
export function Bar({ id, known, me, reader, site, message, colleagues, onPalette, onHelp }: Props) {
  const { story } = known;
  const writes = mayWrite(me);
  useEffect(() => {
    if (story) document.title = `${story.title} – Desk`;
  }, [story?.title]);
  return (
    <>
      <a class="unseen skip" href={writes ? '#draft-content-body' : '#developments'}>
        {writes ? 'Skip to writing' : 'Skip to the posts'}
      </a>
      <header class="bar">
        <a class="wordmark" href="/desk">
          Dateline
        </a>
        <h1>{story?.title ?? id}</h1>
        {story?.status === 'closed' && <Closed {...{ known, reader }} />}
        <Status known={known} reader={reader} />
        {site && (
          <a class="button button-quiet" href={site} target="_blank" rel="noopener">
            View on site
          </a>
        )}
        <Colleagues colleagues={colleagues} />
        <span class="who" title={`You sign in as ${me.id}`}>
          {me.name ?? me.id}
        </span>
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
                <kbd>Ctrl ↵</kbd> posts, <kbd>{altKey('N')}</kbd> writes,{' '}
              </>
            )}
            <kbd>{altKey('F')}</kbd> finds, <kbd>Ctrl K</kbd> does the rest
          </span>
        )}
      </p>
    </>
  );
}
