import { minuteText, numberIn, rangeText, type Ranged } from '../entry/drawings/parts.js';
import { capitalised, spaced } from '../wording.js';
import type { Words } from '../words/index.js';

type Value = Readonly<Record<string, unknown>>;
type Name = (actor: string) => string;

/** The figures of a mark in words, and the fields that are left to list. */
interface Figures {
  readonly says: string;
  readonly rest: Value;
}

const without = (value: Value, ...names: string[]): Value =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

const text = (...parts: (string | false | undefined)[]) => capitalised(parts.filter(Boolean).join(' · '));

function result(value: Value, words: Words): Figures {
  const {
    count,
    share,
    unit = words.votes,
    state,
    fortune,
    counted,
  } = value as {
    readonly count?: number;
    readonly share?: number;
    readonly unit?: string;
    readonly state: keyof Words['tally'];
    readonly fortune?: keyof Words['fortunes'];
    readonly counted?: { readonly counted: number; readonly total: number; readonly of: string };
  };
  const number = (n: number) => numberIn(n, words);
  const figures = [count !== undefined && `${number(count)} ${unit}`, share !== undefined && `${number(share)} %`];
  const so = counted && words.counted(number(counted.counted), number(counted.total), counted.of);
  const outcome = [words.tally[state], fortune && words.fortunes[fortune]].filter(Boolean).join(', ');
  return { says: text(...figures), rest: { outcome, ...(so && { counted: so }) } };
}

function incident(value: Value, words: Words): Figures {
  const says = `${rangeText(value as Ranged, words)} ${spaced(String(value.of))}`;
  return { says: text(says), rest: without(value, 'incident', 'of', 'exactly', 'least', 'most') };
}

function decision(value: Value, words: Words): Figures {
  const { vote, ...rest } = value as { readonly vote?: Record<string, number>; readonly decision: string };
  const sides = (['for', 'against', 'abstained'] as const).filter(side => vote?.[side] !== undefined);
  const votes = sides.map(side => `${words.vote[side]} ${numberIn(vote![side]!, words)}`).join(', ');
  const { by, ...others } = without(rest, 'decision', 'matter');
  // "By" alone would be shown as "Said by".
  return { says: rest.decision, rest: { decidedBy: by, ...others, ...(votes && { vote: votes }) } };
}

function score(value: Value, words: Words, name: Name): Figures {
  const when = value as { readonly minute?: number; readonly added?: number };
  const { phase, opponent, how, shootout, shootoutAgainst } = value as Readonly<Record<string, string | undefined>>;
  const minute = minuteText(when);
  if (opponent === undefined)
    return { says: text(minute ?? spaced(String(value.match)), how && spaced(how)), rest: {} };
  const board = `${Number(value.score)}–${Number(value.against)} ${name(opponent)}`;
  const extra = shootout === undefined ? undefined : words.shootout(Number(shootout), Number(shootoutAgainst));
  return { says: text(board, extra, phase && spaced(phase), minute), rest: {} };
}

/** By kind: the field that only marks with figures have. A mark without it only mentions the actor. */
const byKind: Readonly<
  Partial<Record<string, readonly [string, (value: Value, words: Words, name: Name) => Figures]>>
> = {
  result: ['contest', result],
  incident: ['incident', incident],
  decision: ['decision', decision],
  score: ['match', score],
};

/** The marks of kinds that have figures, in words; undefined for other kinds, whose fields are listed. */
export function figuresOf(kind: string, value: Value, words: Words, name: Name): Figures | undefined {
  const [field, told] = byKind[kind] ?? [];
  return field !== undefined && value[field] !== undefined ? told?.(value, words, name) : undefined;
}
