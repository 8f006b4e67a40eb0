import { isRespelled } from './respelled.js';
import { tokensOf, type Token } from './tokens.js';
import { dates, grammarOf, negations, numbers, persons } from './words.js';

/** What an edit changes that is more than a slip of the pen. */
export const meanings = [
  'name',
  'number',
  'quote',
  'denial',
  'person',
  'date',
  'link',
  'sign',
  'word',
  'amount',
] as const;
/** One of them. */
export type Meaning = (typeof meanings)[number];

/** Why an edit is not minor: the first part of the text that it changes, as it is written. */
export interface NotMinor {
  readonly meaning: Meaning;
  readonly word: string;
}

/** The most slips that one edit may mend in one text. */
export const mostSlips = 20;
/** How many parts of a text are searched for the place where two texts agree again. */
const farthest = 12;
/** How many parts must agree there. */
const agreeing = 2;

interface Texts {
  readonly language: string | undefined;
  /** The addresses of links that no longer work. */
  readonly deadLinks: ReadonlySet<string>;
  /** Words that occur without a capital letter in one of the texts: they are no names. */
  readonly common: ReadonlySet<string>;
}

/**
 * Compares a text with its edited form. Undefined where only spelling, grammar, punctuation and dead links differ; otherwise the first
 * difference that says something else. It does not know what words mean, so it allows only what looks like a slip. `language` is the
 * story's. Pure and total.
 */
export function notMinor(
  before: string,
  after: string,
  { language, deadLinks = [] }: { language?: string | undefined; deadLinks?: readonly string[] } = {},
): NotMinor | undefined {
  const [a, b] = [tokensOf(before), tokensOf(after)];
  const common = new Set(
    [...a, ...b].flatMap(({ type, text, key }) => (type === 'word' && text === text.toLowerCase() ? [key] : [])),
  );
  const texts = { language, deadLinks: new Set(deadLinks), common };
  let made = 0;
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    if (a[i] && b[j] && same(a[i]!, b[j]!)) {
      [i, j] = [i + 1, j + 1];
      continue;
    }
    const [toI, toJ] = agreement(a, b, i, j);
    const [removed, added] = [a.slice(i, toI), b.slice(j, toJ)];
    const fault = faultIn(removed, added, a[i - 1] ?? a[toI], texts);
    if (fault) return fault;
    made += partsIn(removed, added);
    if (made > mostSlips) return tooMany(removed, added);
    [i, j] = [toI, toJ];
  }
  return undefined;
}

const same = (a: Token, b: Token) => a.type === b.type && a.key === b.key;
const partsIn = (removed: readonly Token[], added: readonly Token[]) => Math.max(removed.length, added.length);
const tooMany = (removed: readonly Token[], added: readonly Token[]): NotMinor => ({
  meaning: 'amount',
  word: (added[0] ?? removed[0])!.text,
});

/** The nearest places after which the texts agree again: as few parts as possible are different. */
function agreement(a: readonly Token[], b: readonly Token[], i: number, j: number): readonly [number, number] {
  for (let skipped = 1; skipped <= 2 * farthest; skipped++)
    for (let inA = Math.max(0, skipped - farthest); inA <= Math.min(skipped, farthest); inA++) {
      const [x, y] = [i + inA, j + skipped - inA];
      if (x <= a.length && y <= b.length && agree(a, b, x, y)) return [x, y];
    }
  return [a.length, b.length];
}

function agree(a: readonly Token[], b: readonly Token[], x: number, y: number): boolean {
  for (let n = 0; n < agreeing; n++) {
    const [one, other] = [a[x + n], b[y + n]];
    if (!one && !other) return true;
    if (!one || !other || !same(one, other)) return false;
  }
  return true;
}

/** Why these parts may not take the place of those; undefined where they may. `beside`: the part next to them. */
// eslint-disable-next-line complexity -- each condition is one independent rule
function faultIn(
  removed: readonly Token[],
  added: readonly Token[],
  beside: Token | undefined,
  texts: Texts,
): NotMinor | undefined {
  const fault = linkFault(removed, added, texts);
  if (fault) return fault;
  const [was, is] = [removed, added].map(tokens => tokens.filter(({ type }) => type !== 'link')) as [Token[], Token[]];
  const repeated = was.length + is.length === 1 && beside && same((was[0] ?? is[0])!, beside);
  for (const [tokens, others] of [
    [was, is],
    [is, was],
  ] as const)
    for (const [n, token] of tokens.entries()) {
      const meaning = meaningOf(token, texts);
      const other = was.length === is.length ? others[n] : undefined;
      const harmless = repeated ? meaning === 'name' || meaning === 'person' : other && isSlipOf(token, other, texts);
      if (meaning && !harmless) return { meaning, word: token.text };
    }
  if (repeated || joined(was) === joined(is)) return undefined;
  // `fits` needs time in proportion to the product of both lengths.
  if (partsIn(removed, added) > mostSlips) return tooMany(removed, added);
  if (fits(was, is, texts)) return undefined;
  return { meaning: 'word', word: (was[0] ?? is[0])!.text };
}

/**
 * Whether a word only seems to be a name or a person because it is misspelled: "Teh" at the start of a sentence for "The", "thier" for
 * "their".
 */
function isSlipOf(token: Token, other: Token, texts: Texts): boolean {
  const [meaning, meant] = [meaningOf(token, texts), meaningOf(other, texts)];
  if (token.type !== 'word' || other.type !== 'word' || !isRespelled(token.key, other.key, texts.language))
    return false;
  if (meaning === 'name')
    return isGermanNoun(other.text, texts.language) || (token.first && other.first && (meant ?? 'person') === 'person');
  const sorted = ({ key }: Token) => [...key].sort().join('');
  return (
    meaning === 'person' && meant !== 'person' && token.key.length >= leastForPerson && sorted(token) === sorted(other)
  );
}

/** The shortest word for a person that may be misspelled. */
const leastForPerson = 4;

const joined = (tokens: readonly Token[]) => tokens.map(({ key }) => key.replace(/[-‐]/gu, '')).join('');

/** A dead link may be left out or lead elsewhere; no other address changes, and none is new. */
function linkFault(removed: readonly Token[], added: readonly Token[], { deadLinks }: Texts): NotMinor | undefined {
  const linksOf = (tokens: readonly Token[]) => tokens.filter(({ type }) => type === 'link');
  const [gone, fresh] = [linksOf(removed), linksOf(added)];
  const alive = gone.find(({ key }) => !deadLinks.has(key)) ?? fresh[gone.length];
  return alive && { meaning: 'link', word: alive.text };
}

/** What a part says that an edit may not change; undefined for a common word. */
function meaningOf({ type, key, text, first }: Token, { common, language }: Texts): Meaning | undefined {
  if (type !== 'word') return type === 'link' ? undefined : type;
  const parts = key.toLowerCase().split(/[-‐]/u);
  const has = (words: ReadonlySet<string>) => words.has(key) || parts.some(part => words.has(part));
  if (has(negations) || /n['’]t$/iu.test(text)) return 'denial';
  if (has(numbers)) return 'number';
  if (has(dates)) return 'date';
  if (has(persons)) return 'person';
  if (!isName(key, text, first, common) || isGermanNoun(text, language)) return undefined;
  return 'name';
}

/**
 * Whether a word may be a name: it has a capital letter that no sentence explains, or its script has no capital letters, so that nothing
 * shows which words are names.
 */
function isName(key: string, text: string, first: boolean, common: ReadonlySet<string>): boolean {
  if (/\p{Lo}/u.test(text)) return true;
  if (!/\p{Lu}|\p{Lt}/u.test(text) || common.has(key)) return false;
  if (/\p{Ll}.*\p{Lu}|^\p{Lu}{2}/u.test(text)) return true;
  return !(first && openers.has(key));
}

/** German gives every noun a capital letter: a long word with the ending of a noun is no name. */
const isGermanNoun = (text: string, language = '') =>
  /^de\b/iu.test(language) && /^\p{Lu}\p{Ll}{4,}(?:ung|heit|keit|schaft|tion|tät|ismus)(?:en|s)?$/u.test(text);

/** Words that often begin a sentence and are no names. */
const openers = new Set(
  [
    'a an the this that these those it there in on at by for from to of and but as if when while after before some many most all',
    'der die das dem den des ein eine einen es in im am auf bei für von zu und aber als wenn nach vor dass',
    'le la les un une des ce cette il en au à et mais pour par dans',
    'el la los las un una en al y pero por para',
    'это в во на с со по для от и но как если когда после перед что',
    'це в у на з зі по для від і й але як якщо коли після перед що',
  ].flatMap(line => line.split(' ')),
);

/** Whether these words become those by respelling each, and by light words that are put in or left out. */
function fits(removed: readonly Token[], added: readonly Token[], { language }: Texts): boolean {
  const { light } = grammarOf(language);
  const failed = new Set<string>();
  // eslint-disable-next-line complexity -- each condition is one independent rule
  const from = (i: number, j: number): boolean => {
    const [a, b] = [removed[i], added[j]];
    if (!a && !b) return true;
    if (failed.has(`${i} ${j}`)) return false;
    const found =
      (a && b && (same(a, b) || isRespelled(a.key, b.key, language)) && from(i + 1, j + 1)) ||
      (a !== undefined && light.has(a.key) && from(i + 1, j)) ||
      (b !== undefined && light.has(b.key) && from(i, j + 1)) ||
      splits(removed, added, i, j).some(([x, y]) => from(x, y));
    if (!found) failed.add(`${i} ${j}`);
    return found;
  };
  return from(0, 0);
}

/** Places after one word that is written as two, or two as one. */
function splits(removed: readonly Token[], added: readonly Token[], i: number, j: number): [number, number][] {
  const two = (tokens: readonly Token[], at: number) => joined(tokens.slice(at, at + 2));
  const places: [number, number][] = [];
  if (removed[i + 1] && added[j] && two(removed, i) === joined([added[j]!])) places.push([i + 2, j + 1]);
  if (added[j + 1] && removed[i] && two(added, j) === joined([removed[i]!])) places.push([i + 1, j + 2]);
  return places;
}
