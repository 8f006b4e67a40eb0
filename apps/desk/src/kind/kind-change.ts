import type { KindShapes } from '#pages/parts';
import type { Catalogue } from '../contracts.js';
import { formOf } from '../form-model/fields.js';
import { at, filledIn, isRecord, put, type Value } from '../form-model/values.js';
import type { PostingDefaults } from './defaults.js';

/** The part of a draft that a change of its kind hides. It returns with the kind. */
interface Hidden {
  readonly data?: Value;
  readonly body?: Value;
  /** The text that the draft had under the next kind. While the text is still this, `body` returns. */
  readonly next?: Value;
}

/** What a draft held under the kinds that it had before. */
export interface Left {
  readonly kinds: Readonly<Record<string, Hidden>>;
  /** A modality that a kind did not allow, and the one in its place. */
  readonly replaced?: { readonly was: Value; readonly by: Value };
}

/** The part of a draft that a change of its kind changes. */
export interface Written {
  readonly value: Value;
  readonly left?: Left;
}

interface Shapes {
  readonly catalogue: Catalogue;
  readonly kinds: KindShapes;
  readonly defaults: PostingDefaults;
}

const modesOf = (kind: Value, { kinds }: Catalogue): readonly string[] =>
  kinds.find(entry => entry.kind === kind)?.modes ?? [];

/** The modality under the next kind, and what it replaces. One that a former kind alone required does not follow. */
function modalityUnder(
  kind: string,
  { value, left }: Written,
  { catalogue, defaults }: Shapes,
): { modality: Value; replaced?: Left['replaced'] } {
  const now = at(value, ['content', 'modality']);
  const replaced = left?.replaced;
  const chosen = replaced && JSON.stringify(now) === JSON.stringify(replaced.by) ? replaced.was : now;
  const allowed = modesOf(kind, catalogue);
  if (allowed.includes(String(at(chosen, ['mode']) ?? defaults.modality.mode))) return { modality: chosen };
  const by = { mode: allowed[0]!, ...(allowed[0] === 'conditional' && { conditions: [] }) };
  return { modality: by, replaced: { was: chosen, by } };
}

/** The words that a kind quotes, if it quotes any. */
const quoteIn = (kind: Value, data: Value, { kinds }: Shapes): string => {
  const quote = kinds[String(kind)]?.quote;
  return quote ? String(at(data, [quote.words]) ?? '').trim() : '';
};

/** The text with a quote that no field of the next kind shows. */
function withQuote(body: string, quote: string): string {
  if (quote === '' || body.includes(quote)) return body;
  const opened = /["“„«»]\s*$/u.exec(body);
  return opened ? `${body}${quote}"` : [body.trim(), `"${quote}"`].filter(Boolean).join(' ');
}

/**
 * Gives a draft another kind. The text, the headline and the other common fields stay, and so do fields that both kinds have. What the
 * next kind has no field for is kept, and returns with the former kind.
 */
export function ofKind(written: Written, kind: string, shapes: Shapes): Written {
  const { value, left } = written;
  const [former, data, body] = ['kind', 'data', 'body'].map(name => at(value, ['content', name]));
  if (former === kind) return written;
  const before = left?.kinds[kind];
  const next = textUnder(kind, { former, data, body }, before, shapes);
  const { modality, replaced } = modalityUnder(kind, written, shapes);
  const changed = { kind, data: dataUnder(kind, data, before, shapes), body: next, modality };
  const kinds = { ...left?.kinds, ...(typeof former === 'string' && { [former]: { data, body, next } }) };
  return {
    value: put(value, ['content'], { ...(at(value, ['content']) as object | undefined), ...changed }),
    left: { kinds, ...(replaced && { replaced }) },
  };
}

/** The fields of the next kind: those that it had before, and those that the former kind has too. */
function dataUnder(kind: string, data: Value, before: Hidden | undefined, { catalogue }: Shapes): Value {
  const own = new Set(formOf(catalogue.content, kind)?.own.map(({ name }) => name));
  const common = isRecord(data) ? Object.entries(data).filter(([name]) => own.has(name)) : [];
  return { ...(before?.data as object | undefined), ...Object.fromEntries(common) };
}

/** The text under the next kind: as it was there, unless it was changed since, and with a quote that the kind has no field for. */
function textUnder(
  kind: string,
  { former, data, body }: { former: Value; data: Value; body: Value },
  before: Hidden | undefined,
  shapes: Shapes,
): Value {
  const returned = before && before.next === body ? before.body : body;
  const quote = shapes.kinds[kind]?.quote ? '' : quoteIn(former, data, shapes);
  return quote ? withQuote(String(returned ?? ''), quote) : returned;
}

/** A quotation in a text: its words, the speaker's name before it, and the text around both. */
export interface Quotation {
  readonly words: string;
  readonly speaker: string;
  readonly before: string;
  readonly after: string;
}

/** Turns a draft into a quotation: the words move to the quote's field, and a known speaker to theirs. */
export function quoting(written: Written, found: Quotation, speaker: string | undefined, shapes: Shapes): Written {
  const kind = Object.keys(shapes.kinds).find(name => shapes.kinds[name]?.quote);
  const quote = kind && shapes.kinds[kind]?.quote;
  if (!kind || !quote) return written;
  const rest = [found.before, speaker === undefined ? found.speaker : '', found.after];
  const body = rest
    .map(part => part.trim())
    .filter(Boolean)
    .join(' ');
  const changed = ofKind(written, kind, shapes);
  const former = String(at(written.value, ['content', 'kind']));
  const fields = { [quote.words]: found.words, ...(speaker !== undefined && { [quote.by]: speaker }) };
  const data = { ...(at(changed.value, ['content', 'data']) as object), ...fields };
  return {
    value: put(put(changed.value, ['content', 'data'], data), ['content', 'body'], body),
    left: {
      ...changed.left,
      kinds: { ...changed.left?.kinds, [former]: { ...changed.left?.kinds[former], next: body } },
    },
  };
}

/** Whether something hidden is worth keeping. */
export const isWorthKeeping = (left: Left | undefined): boolean =>
  Object.values(left?.kinds ?? {}).some(
    ({ data, body }) => filledIn(data) !== undefined || filledIn(body) !== undefined,
  );
