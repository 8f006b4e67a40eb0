import type { Occurred } from '#domain';
import { useAround } from '../around.js';
import { occurredText, recordedText } from '../occurred.js';

/** When it happened. A script rewrites it in the reader's zone, from `data-occurred`. */
export function OccurredTime({ occurred }: { occurred: Occurred }) {
  const { times } = useAround();
  const text = occurredText(occurred, times);
  if (!occurred.from) return <span>{text}</span>;
  const machine = occurred.precision === 'day' ? occurred.from.slice(0, 10) : occurred.from;
  return (
    <time dateTime={machine} data-occurred={occurred.precision === 'day' ? undefined : JSON.stringify(occurred)}>
      {text}
    </time>
  );
}

/** When the newsroom recorded it. */
export function RecordedTime({ recorded }: { recorded: string }) {
  const { times } = useAround();
  return (
    <time dateTime={recorded} data-recorded>
      {recordedText(recorded, times)}
    </time>
  );
}
