import { Parser } from 'htmlparser2';
import { deepestPage, longestJsonLd, mostMetas } from './limits.js';

/** What a page says of itself, before anybody interprets it. */
export interface Page {
  /** The `meta` elements, by `property` or `name` in lower case. The first of a name comes first. */
  readonly metas: ReadonlyMap<string, readonly string[]>;
  readonly title?: string;
  /** The JSON-LD scripts, unparsed. */
  readonly jsonLd: readonly string[];
}

/** A page is handed to the parser in pieces, so that reading can end in the middle. */
const piece = 16_384;

/** Reads the head of a page. A script that is no JSON-LD is not read, and nothing on the page is run. */
export function readPage(html: string): Page {
  const metas = new Map<string, string[]>();
  const jsonLd: string[] = [];
  let [depth, metaCount, jsonLength] = [0, 0, 0];
  let title: string | undefined;
  let into: { tag: string; text: string[] } | undefined;
  let finished = false;

  const parser = new Parser({
    onopentag(tag, attributes) {
      depth += 1;
      // Deeper ones are the titles of icons.
      if (tag === 'title' && title === undefined && depth <= 5) into = { tag, text: [] };
      else if (isJsonLd(tag, attributes.type)) into = { tag, text: [] };
      else if (tag === 'meta' && metaCount < mostMetas) meta(attributes);
    },
    ontext(text) {
      if (!into) return;
      if (into.tag === 'script') jsonLength += text.length;
      if (jsonLength <= longestJsonLd) into.text.push(text);
    },
    onclosetag(tag) {
      depth -= 1;
      if (into?.tag !== tag) return;
      const text = into.text.join('');
      if (tag === 'title') title = text;
      else if (jsonLength <= longestJsonLd) jsonLd.push(text);
      into = undefined;
    },
  });

  function meta(attributes: Record<string, string>) {
    const name = (attributes.property || attributes.name || attributes.itemprop)?.trim().toLowerCase();
    if (!name || attributes.content === undefined) return;
    metaCount += 1;
    const said = metas.get(name);
    if (said) said.push(attributes.content);
    else metas.set(name, [attributes.content]);
  }

  for (let at = 0; at < html.length && !finished; at += piece) {
    parser.write(html.slice(at, at + piece));
    finished = depth > deepestPage;
  }
  if (!finished) parser.end();
  return { metas, ...(title !== undefined && { title }), jsonLd };
}

const isJsonLd = (tag: string, type = '') => tag === 'script' && /^\s*application\/ld\+json\b/i.test(type);

/** The text of a snippet of HTML, such as a quotation in an oEmbed answer: what is inside `within`, or all of it. Scripts are left out. */
export function textOf(html: string, within?: string): string {
  const text: string[] = [];
  let [inside, hidden, depth] = [within === undefined ? 1 : 0, 0, 0];
  const parser = new Parser({
    onopentag(tag) {
      depth += 1;
      if (tag === within) inside += 1;
      if (tag === 'script' || tag === 'style') hidden += 1;
      if (tag === 'br' || tag === 'p') text.push(' ');
    },
    ontext(piece) {
      if (inside > 0 && hidden === 0) text.push(piece);
    },
    onclosetag(tag) {
      depth -= 1;
      if (tag === 'p') text.push(' ');
      if (tag === within) inside -= 1;
      if (tag === 'script' || tag === 'style') hidden -= 1;
    },
  });
  for (let at = 0; at < html.length && depth <= deepestPage; at += piece) parser.write(html.slice(at, at + piece));
  if (depth <= deepestPage) parser.end();
  return text.join('');
}

const declared = /charset\s*=\s*["']?\s*([a-z0-9_:.-]{1,40})/i;

/** The text of a page: in the encoding that its bytes, its type or its head names, else in UTF-8. */
export function decoded(bytes: Uint8Array, type: string): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1_024));
  const marked = { 'ï»¿': 'utf-8', þÿ: 'utf-16be', ÿþ: 'utf-16le' };
  const mark = Object.entries(marked).find(([start]) => head.startsWith(start))?.[1];
  // We could read the head, so the page is not in UTF-16, whatever its head says. Browsers take it for UTF-8, too.
  const inHead = declared.exec(head)?.[1]?.replace(/^utf-?16.*$/i, 'utf-8');
  for (const label of [mark, declared.exec(type)?.[1], inHead, 'utf-8']) {
    if (label === undefined) continue;
    try {
      return new TextDecoder(label).decode(bytes);
    } catch {
      // An encoding that nobody knows: the next hint.
    }
  }
  return '';
}
