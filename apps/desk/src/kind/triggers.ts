import type { Choice } from '../match.js';
import { folded, matches } from '../match.js';
import type { Quotation } from './kind-change.js';

/** A part of the typed text that the desk can complete. */
export type Trigger =
  /** `@` and the start of a name. */
  | { readonly on: 'actor'; readonly from: number; readonly to: number; readonly typed: string }
  /** A kind's name, alone at the start. */
  | { readonly on: 'kind'; readonly kind: string }
  /** A quotation mark. */
  | { readonly on: 'quote'; readonly quotation: Quotation };

/** The longest name, in UTF-16 units, that `@` completes. */
const longestName = 60;
const name = new RegExp(`(?:^|[\\s("“„«])@([^\\s@]{0,${longestName}}(?: [^\\s@]{1,${longestName}})?)$`, 'u');
const marks = '"“”„«»';
const mark = new RegExp(`[${marks}]`, 'gu');

const kindName = (text: string) => folded(text).replaceAll('-', ' ').trim();

/** What the text before the caret asks for, right after it was typed; undefined for plain text. */
export function triggerAt(text: string, caret: number, kinds: readonly Choice[]): Trigger | undefined {
  const typed = text.slice(0, caret);
  const actor = name.exec(typed);
  if (actor) return { on: 'actor', from: caret - actor[1]!.length - 1, to: caret, typed: actor[1]! };
  const last = typed.at(-1) ?? '';
  if (marks.includes(last) && last !== '') return { on: 'quote', quotation: quotationIn(text) };
  const start = /^([\p{L} -]+)[ :]$/u.exec(typed);
  if (!start || text.slice(caret).trim() !== '') return undefined;
  const found = kinds.find(({ id, label }) => [id, label].some(word => kindName(word) === kindName(start[1]!)));
  return found && { on: 'kind', kind: found.id };
}

/** The first quotation of a text. Its words end at the closing mark, or with the text. */
export function quotationIn(text: string): Quotation {
  const found = [...text.matchAll(mark)].map(({ index }) => index);
  const open = found[0] ?? text.length;
  const close = found[1] ?? text.length;
  const lead = text.slice(0, open);
  // The speaker is named between the last end of a sentence and the quotation.
  const sentence = Math.max(...[...lead.matchAll(/[.!?]\s|\n/gu)].map(({ index }) => index + 1), 0);
  return {
    words: text.slice(open + 1, close).trim(),
    speaker: lead.slice(sentence).trim(),
    before: lead.slice(0, sentence).trim(),
    after: text.slice(close + 1).trim(),
  };
}

const saying = /[\s,:]*(?:\b(?:says?|said))?[\s,:]*$/iu;

/** The registered actor that an attribution such as "Mayor Lena Brandt:" ends with. */
export function speakerIn(attribution: string, actors: readonly Choice[]): string | undefined {
  const words = attribution.replace(saying, '').split(/\s+/u).filter(Boolean);
  for (let first = 0; first < words.length; first++) {
    const named = words.slice(first).join(' ');
    const [best] = matches(actors, named, 1);
    const names = best ? [best.choice.label, ...(best.choice.also ?? [])] : [];
    if (names.some(candidate => folded(candidate) === folded(named))) return best!.choice.id;
  }
  return undefined;
}
