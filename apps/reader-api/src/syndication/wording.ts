import type { Entry, KeyPoint, Story } from '#contract';
import { closed, isolated, kindNamed } from '#domain';
import { pageContext, escapeHtml, noticesOf, plainText, recordedText, shownEntry, titleOf, type Times } from '#pages';
import type { Syndicated } from './syndicated.js';

// Texts for entries outside our pages. They use the words of the pages: the title and the first words of the text say why an
// entry is not a plain fact.

/** Longest text of a preview, in UTF-16 units. */
export const summaryLimit = 200;

/** Words and times in the story's language, by its clock. */
export const timesOf = ({ id, language, zone }: Pick<Story, 'id' | 'language' | 'zone'>): Times =>
  pageContext({ story: id, language, zone, kinds: {} }).times;

/** An entry's title, with its qualification. */
export const entryTitle = (entry: Entry, { words }: Times): string => titleOf(shownEntry(entry), words);

/** The notices before the body: the entry's fate with its reason, its modality, and its sourcing unless confirmed. */
const notices = (entry: Entry, times: Times) => noticesOf(shownEntry(entry), times);

/** An entry's body, or its title if it has none, and its figures. Empty for a taken-down entry. */
const wordsHtml = (entry: Entry, times: Times): string[] => {
  if (entry.status === 'taken-down') return [];
  return [entry.bodyHtml ?? `<p>${escapeHtml(entryTitle(entry, times))}</p>`, ...figures(entry)];
};

/** What the kind says of the data in lines, as a list: the figures that its drawing shows on pages. */
function figures({ kind, data, actors }: Entry): string[] {
  const name = (actor: string) => actors.find(({ id }) => id === actor)?.name ?? actor;
  const lines = data === null ? [] : (kindNamed(kind)?.lines?.(data, name) ?? []);
  return lines.length === 0 ? [] : [`<ul>${lines.map(line => `<li>${escapeHtml(line)}</li>`).join('\n')}</ul>`];
}

/** The pages that an entry links to, as the newsroom captured them: each as a link, with when it was captured and whether it is gone. */
function linkedPages(entry: Entry, times: Times): string[] {
  if (entry.status === 'taken-down') return [];
  const { captured, capturedAgain } = times.words;
  return (entry.captures ?? []).map(({ url, title, site, at, again }) => {
    const parts = [
      `<a href="${escapeHtml(url)}">${escapeHtml(closed(title ?? url))}</a>`,
      ...(site === undefined ? [] : [escapeHtml(closed(site))]),
      `${captured} ${escapeHtml(recordedText(at, times))}`,
      ...(again?.gone ? [`${capturedAgain.gone} ${escapeHtml(recordedText(again.at, times, at))}`] : []),
    ];
    return `<p>${parts.join(', ')}</p>`;
  });
}

/** An entry's notices, body and linked pages as HTML. */
export const entryHtml = (entry: Entry, times: Times): string =>
  [
    ...notices(entry, times).map(({ label, text }) => {
      const parts = [label && `<strong>${escapeHtml(label)}</strong>`, text && escapeHtml(text)];
      return `<p>${parts.filter(Boolean).join(' ')}</p>`;
    }),
    ...wordsHtml(entry, times),
    ...linkedPages(entry, times),
  ].join('\n');

/** An entry's notices and body as plain text. */
export const entryText = (entry: Entry, times: Times): string =>
  [
    ...notices(entry, times).map(({ label, text }) => [label, text].filter(Boolean).join(' ')),
    ...wordsHtml(entry, times).map(plainText),
  ].join('\n');

/** The first part of an entry's text, at a preview's length. */
export const entrySummary = (entry: Entry, times: Times): string => {
  const text = entryText(entry, times).replace(/\s+/g, ' ');
  if (text.length <= summaryLimit) return text;
  const cut = text.slice(0, summaryLimit - 1).toWellFormed();
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), summaryLimit / 2)).replace(/\uFFFD$/, '')}…`;
};

/** An entry's tags: its kind, its fate, and every qualification. */
export function entryTags({ kind, status, modality, standing }: Entry): string[] {
  const unlikeFact = [
    ...(modality && modality.mode !== 'asserted' ? [modality.mode] : []),
    ...(standing === 'disputed' || standing === 'hinted' ? [standing] : []),
  ];
  return [kind, status, ...unlikeFact];
}

/** The key points that stand: none that is struck or taken down. */
export const standing = (points: readonly KeyPoint[]): (KeyPoint & { readonly words: string })[] =>
  points.flatMap(point => (point.words === null || point.struck ? [] : [{ ...point, words: point.words }]));

/** The key points in one paragraph, as a feed describes its story; null if there are none. */
export function knownText(points: readonly KeyPoint[], { words }: Times): string | null {
  const each = standing(points).map((point, index) => `${index + 1}. ${isolated(point.words)}`);
  return each.length > 0 ? words.labelled(words.known, each.join(' ')) : null;
}

/** What a feed says of the story as a whole: its standfirst, then its key points. Null if there are neither. */
export function descriptionOf({ story, points }: Pick<Syndicated, 'story' | 'points'>, times: Times): string | null {
  const parts = [story.summary, knownText(points, times)].flatMap(text => (text === null ? [] : [closed(text)]));
  return parts.length > 0 ? parts.join(' ') : null;
}
