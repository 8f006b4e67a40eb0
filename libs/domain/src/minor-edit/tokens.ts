/** A part of a text that is compared as one: a word, or something that a minor edit leaves as it is. */
export interface Token {
  readonly type: 'word' | 'number' | 'link' | 'quote' | 'sign';
  /** The text by which two tokens are the same. */
  readonly key: string;
  /** As it is written. */
  readonly text: string;
  /** Whether a word begins a sentence, where every word has a capital letter. */
  readonly first: boolean;
}

// In this order at each place. A link's text and a quote's marks are not part of the token. Each pattern stops soon where it does not match, so
// that no text takes long.
const patterns = [
  ['link', /\]\(\s{0,9}<?([^\s()<>]*)>?(?:\s{1,9}["'][^"'\n]{0,300}["'])?\s{0,9}\)/y],
  ['link', /^\[[^\]\n]{1,300}\]:[ \t]{0,9}(\S+)/my],
  ['link', /<((?:https?:|mailto:)[^<>\s]*)>/y],
  ['link', /\b((?:https?:\/\/|www\.)[^\s<>()]*[^\s<>().,;:!?])/y],
  ['quote', /^ {0,3}>[^\n]*(?:\n {0,3}>[^\n]*)*/my],
  ['quote', /“([^“”]*)(?:”|$)/y],
  ['quote', /„([^„“”]*)(?:[“”]|$)/y],
  ['quote', /”([^“”]*)”/y],
  ['quote', /«([^«»]*)(?:»|$)/y],
  ['quote', /»([^«»]*)(?:«|$)/y],
  ['quote', /‘([^‘’]*(?:’\p{L}[^‘’]*)*)(?:’|$)/uy],
  ['quote', /‚([^‚‘’]*)(?:[‘’]|$)/y],
  ['quote', /‹([^‹›]*)(?:›|$)/y],
  ['quote', /[「『]([^「『」』]*)(?:[」』]|$)/y],
  ['quote', /"([^"]*)(?:"|$)/y],
  ['quote', /(?<![\p{L}\p{N}])'([^'\n]{1,400}(?:'\p{L}[^'\n]{0,400}){0,4})'(?!\p{L})/uy],
  ['number', /[+\-−–±]?[^\s\p{P}\p{S}]{0,50}\p{N}(?:[^\s\p{S}%‰()[\]"“”„«»]{0,100}[\p{L}\p{N}])?/uy],
  ['word', /[\p{L}\p{M}]+(?:['’ʼ\-‐][\p{L}\p{M}]+)*['’]?/uy],
  ['sign', /[?%‰&@#§\p{S}]/uy],
] as const;

const spaced = (text: string) => text.replace(/\s+/gu, ' ').trim();
const isSpelledInCapitals = (word: string) => /^[^\p{Ll}]*\p{Lu}[^\p{Ll}]*\p{Lu}/u.test(word);
/** A word without its case, its apostrophes, and the form in which Unicode writes its accents. */
export const plainWord = (word: string): string =>
  isSpelledInCapitals(word) ? word.normalize('NFC') : word.normalize('NFC').toLowerCase().replace(/['’ʼ]/gu, '');

function keyOf(type: Token['type'], text: string): string {
  if (type === 'word') return plainWord(text);
  return type === 'quote' ? spaced(text) : text;
}

/** Between two parts of a text: the end of a sentence or of a line. */
const ends = /[.!?…:]["”“»’)\]*_]{0,5}\s|\n/u;
const endsInside = /[.!?…]["”“»’)]?$/u;

/** The parts of a text in order. Spaces, commas, brackets and marks of emphasis are none. Total. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let after = 0;
  for (let at = 0; at < text.length;) {
    const found = matchAt(text, at);
    if (!found) {
      at++;
      continue;
    }
    const [type, whole, said] = found;
    const last = tokens.at(-1);
    const first = !last || last.key === '?' || (last.type === 'quote' && endsInside.test(last.text));
    tokens.push({ type, key: keyOf(type, said), text: said, first: first || ends.test(text.slice(after, at)) });
    at += whole.length;
    after = at;
  }
  return tokens;
}

function matchAt(text: string, at: number): readonly [Token['type'], string, string] | undefined {
  for (const [type, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match && match[0].length > 0) return [type, match[0], match[1] ?? match[0]];
  }
  return undefined;
}
