import type { TakenDownEntry, ToldEntry } from '#contract';
import { escapeHtml, wordsFor } from '#pages';

type ToldField = 'headline' | 'status' | 'retraction' | 'corrections' | 'modality' | 'bodyHtml' | 'standing';
type Told = Pick<ToldEntry, ToldField> | Pick<TakenDownEntry, ToldField | 'takedown'>;

/** What stands in the place of a headline that was taken down. */
const takenDown = 'Taken down';

/** When that was, by UTC's calendar: a feed has no zone of its own; and on what ground. */
export function takedownText({ takedown }: Pick<TakenDownEntry, 'takedown'>): string {
  if (!takedown) return `${takenDown}.`;
  return `${takenDown} on ${takedown.recorded.slice(0, 10)} (${wordsFor(null).grounds[takedown.ground]}).`;
}

/** The headline, after what became of it: a feed reader shows little else. */
export function titleOf({ headline, status, corrections }: Told): string {
  if (status === 'taken-down') return takenDown;
  if (status === 'retracted') return `Retracted: ${headline}`;
  if (status === 'superseded') return `Superseded: ${headline}`;
  return corrections.length > 0 ? `Corrected: ${headline}` : headline;
}

const paragraph = (label: string, text: string) => `<p><strong>${escapeHtml(label)}</strong> ${escapeHtml(text)}</p>`;

/** What is shown under the title, as HTML: first what became of it and why, then the body. */
export function htmlOf(entry: Told): string {
  if (entry.status === 'taken-down') return `<p>${escapeHtml(takedownText(entry))}</p>`;
  const { headline, retraction, corrections, modality, bodyHtml, standing } = entry;
  const notices = [
    ...(retraction ? [paragraph('Retracted.', retraction.reason)] : []),
    ...corrections.toReversed().map(({ wrong, reason }) => paragraph('Corrected.', `${wrong} ${reason}`)),
    ...(standing === 'confirmed' || retraction ? [] : [paragraph('Not confirmed:', standing)]),
    ...modality.conditions.map(({ text }) => paragraph('Only', text.startsWith('if ') ? text : `if ${text}`)),
  ];
  return [...notices, bodyHtml ?? `<p>${escapeHtml(headline)}</p>`].join('\n');
}
