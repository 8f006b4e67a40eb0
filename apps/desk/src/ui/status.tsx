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
