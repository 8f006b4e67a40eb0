import { useAround } from '../around.js';
import { momentText } from '../occurred.js';
import type { Asked } from './form.js';
import { pageWords } from '../words/page-words.js';

/** A notice that the page shows a moment of the past, with a link to now. */
export function Then({ asked, now }: { asked: Asked; now: string }) {
  const { words, times } = useAround();
  const { moment } = pageWords(words);
  return (
    <p class="notice is-past" role="note">
      {moment.clocks[asked.clock]}: {moment.asOf(momentText(asked.at, times))} ({times.zone.replaceAll('_', ' ')}).{' '}
      <a href={now}>{moment.backToNow}</a>
    </p>
  );
}
