import { closedLine } from './developments/wording.js';

// This reads Markdown only well enough for a headline. The body itself is what readers see, rendered by a real parser.

const fence = /^\s*(```|~~~)/;
const rule = /^\s*([-*_=]\s*){3,}$/;
const definition = /^\s*\[[^\]]*\]:/;
/** The marks before the text of a heading, a quotation or an item of a list. */
const leading = /^\s*(?:(?:#{1,6}|>|[-*+]|\d{1,9}[.)])\s+)*/;
const visible = /[\p{L}\p{N}\p{S}]/u;

/** Removes the marks of links, pictures, emphasis and code; keeps their words. */
const unmarked = (line: string): string =>
  line
    .replace(leading, '')
    .replace(/!?\[([^[\]]*)\]\([^()\s]*(?:\s+"[^"]*")?\)/g, '$1')
    .replace(/<((?:https?:\/\/|mailto:)[^<>\s]*)>/g, '$1')
    .replace(/\*\*|__|~~|`/g, '')
    .replace(/(?<![\p{L}\p{N}*\\])[*_](?=[^\s*_])|(?<=[^\s*_\\])[*_](?![\p{L}\p{N}*])/gu, '')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1');

/** The lines of the first paragraph that has words, without markup. */
function firstParagraph(markdown: string): string {
  const words: string[] = [];
  let inCode = false;
  for (const line of markdown.split(/\r\n|[\r\n\u2028\u2029]/)) {
    if (fence.test(line)) inCode = !inCode;
    const isText = !inCode && !fence.test(line) && !rule.test(line) && !definition.test(line);
    const text = isText ? unmarked(line).trim() : '';
    if (visible.test(text)) words.push(text);
    else if (words.length > 0) break;
    if (/^\s*#/.test(line) && words.length > 0) break;
  }
  return words.join(' ');
}

// A full stop ends a sentence only before a capital letter, a number or a quotation, so that "8 a.m. on Monday" stays whole.
const sentence = /^.{10,}?(?:[.!?…]+["”’»)]*(?=\s+[\p{Lu}\p{N}“"«‘(])|[。！？])/u;

/**
 * The first sentence of a Markdown text as plain text on one line, without its full stop, cut between words if it is longer than
 * `max` UTF-16 units. Empty if the text has no words outside its code.
 */
export function firstWords(markdown: string, max: number): string {
  const paragraph = closedLine(firstParagraph(markdown), sentenceLimit);
  const first = sentence.exec(paragraph)?.[0] ?? paragraph;
  return closedLine(first.replace(/(?<![.…])\.$/, ''), max);
}

/** A sentence that is longer than this is cut anyway, so that no long text is searched for its end. */
const sentenceLimit = 1_000;
