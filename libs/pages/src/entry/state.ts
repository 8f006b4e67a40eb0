import type { Sourcing } from '#domain';
import { closed, isolated } from '#domain/bidi';
import { recordedText, type Times } from '../occurred.js';
import type { ConditionView, EntryView, ModalityView, Named } from '../view.js';
import { capitalised } from '../wording.js';
import type { Words } from '../words/index.js';

/** The sourcing in plain words: "Kremlin insiders, unconfirmed". */
export function knownText(
  { basis, actor, group }: Sourcing,
  standing: Sourcing['standing'],
  actors: readonly Named[],
  words: Words,
): string {
  const name = actor === undefined ? group : (actors.find(({ id }) => id === actor)?.name ?? actor);
  const source = capitalised(words.sources[basis](name === undefined ? undefined : isolated(name)));
  // A named source has certainly said it, and the desk's own reports need no one else to confirm them.
  const plain = (basis === 'on-record' && standing === 'confirmed') || (basis === 'desk' && standing === 'reported');
  return plain ? source : `${source}, ${words.standings[standing]}`;
}

// Words for every way in which an entry differs from a plain fact. All surfaces that show an entry or only its headline use them:
// pages, feeds, JSON-LD, share metadata and the API's `title`.

/** The fields of an entry that qualify its headline. */
export interface Qualified {
  readonly headline: string;
  readonly status: EntryView['status'];
  readonly standing: Sourcing['standing'];
  readonly modality: ModalityView;
  readonly corrections?: readonly unknown[];
}

/** The longest text of conditions before a headline, in UTF-16 units; the entry itself shows all of it. */
export const conditionsLimit = 200;
/** The most corrections, and the most checks, in notices: the latest. The entry's page lists all. */
export const noticesLimit = 10;

const cut = (text: string, max: number) =>
  text.length <= max
    ? text
    : `${text
        .slice(0, max - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}…`;

/** A condition is written to be read after "if"; some start with that word anyway. */
const afterIf = (text: string, { ifOnly }: Words) =>
  text.toLowerCase().startsWith(`${ifOnly.toLowerCase()} `) ? text.slice(ifOnly.length + 1) : text;

function conditionsText(conditions: readonly ConditionView[], words: Words, fates: boolean): string {
  const texts = conditions.map(({ text, fate }) => {
    const said = isolated(afterIf(text, words));
    return fates && fate ? `${said} (${words.fates[fate]})` : said;
  });
  return closed(cut(`${words.ifOnly} ${texts.join(` ${words.and} `)}`, conditionsLimit));
}

function modeLabel({ mode, conditions }: ModalityView, words: Words, fates: boolean): string[] {
  if (mode === 'asserted') return [];
  return [mode === 'conditional' ? conditionsText(conditions, words, fates) : words.labels[mode]];
}

const standingLabel = (standing: Sourcing['standing'], { labels }: Words) =>
  standing === 'disputed' || standing === 'hinted' ? [labels[standing]] : [];

/**
 * The labels to put before an entry's headline if nothing else of it is shown, outermost first; none for a plain fact. `fates:
 * false` omits the outcome of conditions.
 */
export function labelsOf(entry: Qualified, words: Words, { fates = true } = {}): string[] {
  const { status, standing, modality, corrections = [] } = entry;
  const { labels } = words;
  const mode = modeLabel(modality, words, fates);
  switch (status) {
    case 'taken-down':
      return [labels.removed];
    case 'retracted':
      return [labels.retracted, ...mode];
    case 'superseded':
      return [labels.superseded, ...standingLabel(standing, words), ...mode];
    case 'active':
      return [...(corrections.length > 0 ? [labels.corrected] : []), ...standingLabel(standing, words), ...mode];
  }
}

/** Removes the catalogue's "If …:" or "Planned:" from a headline, if a label above it already says so. */
export function unqualified(headline: string, { mode, conditions }: ModalityView): string {
  const colon = headline.indexOf(': ');
  const before = headline.slice(0, Math.max(colon, 0)).toLowerCase();
  const repeats =
    mode === 'conditional'
      ? before.startsWith('if ') && conditions.every(({ text }) => before.includes(text.toLowerCase()))
      : before === mode;
  return repeats ? headline.slice(colon + 2) : headline;
}

/** The labels and the headline, in one line. */
function labelled(labels: readonly string[], { headline, modality }: Titled, words: Words): string {
  if (labels.length === 0) return closed(headline);
  return labels.reduceRight((title, label) => words.labelled(label, title), isolated(unqualified(headline, modality)));
}
type Titled = Pick<Qualified, 'headline' | 'modality'>;

/** The title of an entry if only one line of it is shown. For a taken-down entry, only that fact. */
export function titleOf(entry: Qualified, words: Words, options?: { fates?: boolean; without?: string }): string {
  if (entry.status === 'taken-down') return words.labels.removed;
  const labels = labelsOf(entry, words, options).filter(label => label !== options?.without);
  return labelled(labels, entry, words);
}

/** The title for a list of current entries, without the label for corrections, which the entry itself shows. */
export const nameOf = (entry: Qualified, words: Words): string =>
  titleOf(entry, words, { without: words.labels.corrected });

/** The headline before a correction or retraction, with a label if it was not a fact. */
export const saidOf = (was: Titled, words: Words): string => labelled(modeLabel(was.modality, words, true), was, words);

/** A fact that readers must know about an entry, besides its text: a label, a text, or both. */
export interface Notice {
  readonly label?: string;
  readonly text?: string;
}

/** The fields of an entry that its notices depend on. */
export type Noticed = Pick<
  EntryView,
  'headline' | 'status' | 'standing' | 'modality' | 'sourcing' | 'retraction' | 'takedown'
> & {
  readonly actors: readonly Named[];
  readonly corrections: readonly { readonly wrong: string; readonly reason: string }[];
  readonly checks: readonly { readonly verdict: 'verified' | 'disputed'; readonly note: string }[];
};

const notice = (label: string, text?: string): Notice => ({ label: `${label}.`, ...(text !== undefined && { text }) });
const latest = <Item>(items: readonly Item[]): Item[] => items.slice(-noticesLimit).reverse();

function takedownNotice({ takedown }: Pick<Noticed, 'takedown'>, times: Times): Notice {
  const { words } = times;
  const when =
    takedown && `${words.removedOn} ${recordedText(takedown.recorded, times)} (${words.grounds[takedown.ground]})`;
  return { label: `${when ?? words.labels.removed}.`, text: words.removedWhy };
}

function modeNotices({ mode, conditions }: ModalityView, words: Words): Notice[] {
  if (mode === 'asserted') return [];
  if (mode !== 'conditional') return [notice(words.labels[mode])];
  return conditions.map(({ text, fate, reason }, i) => ({
    label: i === 0 ? words.ifOnly : words.and,
    text: `${isolated(afterIf(text, words))} (${words.fates[fate ?? 'open']})${reason ? `. ${isolated(reason)}` : ''}`,
  }));
}

/** All notices about an entry for surfaces that show only text; none for a plain fact. */
export function noticesOf(entry: Noticed, times: Times): Notice[] {
  const { words } = times;
  const { status, standing, modality, sourcing, actors, corrections, checks, retraction } = entry;
  if (status === 'taken-down') return [takedownNotice(entry, times)];
  const mode = modeNotices(modality, words);
  if (status === 'retracted')
    return [
      notice(
        words.labels.retracted,
        [words.retractedWhy, retraction && isolated(retraction.reason)].filter(Boolean).join(' '),
      ),
      ...mode,
    ];
  return [
    ...(status === 'superseded' ? [{ label: words.superseded, text: `${words.supersededBy}.` }] : []),
    ...latest(corrections).map(({ wrong, reason }) =>
      notice(words.labels.corrected, `${isolated(wrong)} ${isolated(reason)}`),
    ),
    ...mode,
    ...(standing === 'confirmed' ? [] : [{ text: `${knownText(sourcing, standing, actors, words)}.` }]),
    ...latest(checks).map(({ verdict, note }) => notice(words.verdicts[verdict], isolated(note))),
  ];
}
