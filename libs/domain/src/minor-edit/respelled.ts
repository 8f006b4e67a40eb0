import { grammarOf } from './words.js';

const vowels = /[aeiouyäöüàâáåæéèêëíìîïóòôøœúùûýаеёиоуыэюяіїє]/u;
const bare = (word: string) => word.normalize('NFD').replace(/\p{M}/gu, '');
const sorted = (word: string) => [...word].sort().join('');

/** The shortest words in which a letter may be missing or superfluous, and in which a vowel may be another one. */
const leastForLetter = 4;
const leastForVowel = 7;
/** From this length on, two letters may be wrong. */
const leastForTwo = 6;

interface Slips {
  /** Letters that changed places, are missing or superfluous. */
  readonly letters: number;
  /** Vowels that became others. */
  readonly vowels: number;
}

/** How a word became another one by slips of the pen; undefined where it takes more than two, or another consonant. */
// eslint-disable-next-line complexity -- each condition is one independent rule
function slips(from: string, to: string, left = 2): Slips | undefined {
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  const [a, b] = [from.slice(same), to.slice(same)];
  if (a === b) return { letters: 0, vowels: 0 };
  if (left === 0) return undefined;
  const tries = [
    a.length > 1 &&
      b.length > 1 &&
      a[0] === b[1] &&
      a[1] === b[0] &&
      step(a.slice(2), b.slice(2), { letters: 1, vowels: 0 }, left),
    step(a.slice(1), b, { letters: 1, vowels: 0 }, left),
    step(a, b.slice(1), { letters: 1, vowels: 0 }, left),
    a !== '' &&
      b !== '' &&
      vowels.test(a[0]!) &&
      vowels.test(b[0]!) &&
      step(a.slice(1), b.slice(1), { letters: 0, vowels: 1 }, left),
  ].filter(found => found !== false && found !== undefined);
  const total = (found: Slips) => found.letters + 2 * found.vowels;
  return tries.sort((x, y) => total(x) - total(y))[0];
}

function step(from: string, to: string, made: Slips, left: number): Slips | undefined {
  const rest = slips(from, to, left - 1);
  return rest && { letters: rest.letters + made.letters, vowels: rest.vowels + made.vowels };
}

/**
 * Whether a word differs from another one as a slip of the pen does: accents; letters that changed places; a letter too few or too many
 * (from four letters on, two from six on); a wrong vowel (from seven on). The first letter stays, unless it changed places: "legal" is no
 * slip for "illegal", nor "million" for "billion". Both words are plain, see `plainWord`.
 */
// eslint-disable-next-line complexity -- each condition is one independent rule
export function isRespelled(from: string, to: string, language: string | undefined): boolean {
  if (grammarOf(language).alike.some(group => group.has(from) && group.has(to))) return true;
  const [a, b] = [bare(from), bare(to)];
  if (a === b) return true;
  const shorter = Math.min(a.length, b.length);
  const found = slips(a, b);
  if (!found) return false;
  if (sorted(a) === sorted(b))
    return found.letters === 1 && found.vowels === 0 && (a[0] === b[0] || shorter < leastForVowel);
  if (a[0] !== b[0] || shorter < leastForLetter) return false;
  if (found.vowels > 0 && shorter < leastForVowel) return false;
  return found.letters + found.vowels < 2 || shorter >= leastForTwo;
}
