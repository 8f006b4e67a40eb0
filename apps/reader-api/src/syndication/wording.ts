import type { Entry, Story } from '#contract';
import { around, escapeHtml, noticesOf, plainText, shownEntry, titleOf, type Times } from '#pages';

// An entry where there is no page of ours around it. The words are those of pages: what keeps an entry from being a plain
// fact stands in its title, and is told before its body.

/** Longest text of a preview, in UTF-16 units. */
export const summaryLimit = 200;

/** In the story's language, by its clock. */
export const timesOf = ({ id, language, zone }: Pick<Story, 'id' | 'language' | 'zone'>): Times =>
  around({ story: id, language, zone, kinds: {} }).times;

export const entryTitle = (entry: Entry, { words }: Times): string => titleOf(shownEntry(entry), words);

/** Before the body: what became of the entry and why, how it is told, and how it is known where it is not confirmed. */
const notices = (entry: Entry, times: Times) => noticesOf(shownEntry(entry), times);

/** What an entry says: its body, or its title where it has none; nothing of what was taken down. */
const wordsHtml = (entry: Entry, times: Times): string[] => {
  if (entry.status === 'taken-down') return [];
  return [entry.bodyHtml ?? `<p>${escapeHtml(entryTitle(entry, times))}</p>`];
};

/** An entry's notices and body as HTML. */
export const entryHtml = (entry: Entry, times: Times): string =>
  [
    ...notices(entry, times).map(({ label, text }) => {
      const parts = [label && `<strong>${escapeHtml(label)}</strong>`, text && escapeHtml(text)];
      return `<p>${parts.filter(Boolean).join(' ')}</p>`;
    }),
    ...wordsHtml(entry, times),
  ].join('\n');

/** The same as plain text. */
export const entryText = (entry: Entry, times: Times): string =>
  [
    ...notices(entry, times).map(({ label, text }) => [label, text].filter(Boolean).join(' ')),
    ...wordsHtml(entry, times).map(plainText),
  ].join('\n');

/** The beginning of an entry's text, as long as previews show one. */
export const entrySummary = (entry: Entry, times: Times): string => {
  const text = entryText(entry, times).replace(/\s+/g, ' ');
  if (text.length <= summaryLimit) return text;
  const cut = text.slice(0, summaryLimit - 1).toWellFormed();
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), summaryLimit / 2)).replace(/\uFFFD$/, '')}…`;
};

/** Words to sort an entry by: its kind, what became of it, and whatever keeps it from being a plain fact. */
export function entryTags({ kind, status, modality, standing }: Entry): string[] {
  const unlikeFact = [
    ...(modality && modality.mode !== 'asserted' ? [modality.mode] : []),
    ...(standing === 'disputed' || standing === 'hinted' ? [standing] : []),
  ];
  return [kind, status, ...unlikeFact];
}
