import { words } from '#domain';
import type { ShreddedRow } from './rows.js';

/** The facts that some developments of a story hold, and those that others hold of the same conditions. */
export interface ForgottenFacts {
  /** Those that are readable: the position from which readers saw them, and that of their retraction, if any. */
  readonly readable: readonly {
    readonly development: string;
    readonly from: number;
    readonly retracted: number | null;
  }[];
  /** Each text that a development gave a condition, in order. `forgotten`: given by one of the named developments. */
  readonly texts: readonly {
    readonly condition: string;
    readonly text: string;
    readonly position: number;
    readonly forgotten: boolean;
  }[];
}

/** What the takedown of these developments adds to the counts of their story: as if each had been recorded and retracted without words. Pure. */
export const shreddedAfter = (story: string, { readable }: Pick<ForgottenFacts, 'readable'>): ShreddedRow[] =>
  addedUp(
    readable.flatMap(({ development: item, from, retracted }) => [
      { story, position: from, item, ...addedBy.recording },
      ...(retracted === null ? [] : [{ story, position: retracted, item, ...addedBy.retraction }]),
    ]),
  );

/** What an event whose words are gone adds to the counts of its story. */
export const addedBy = {
  recording: { developments: -1, shredded: 1 },
  retraction: { developments: 1, shredded: 0 },
  text: { developments: 0, shredded: 1 },
} as const;

/** The rows of one story with one row of each item at a position. Pure. */
export function addedUp(rows: readonly ShreddedRow[]): ShreddedRow[] {
  const all = new Map<string, ShreddedRow>();
  for (const row of rows) {
    const id = `${row.position} ${row.item}`;
    const { developments = 0, shredded = 0 } = all.get(id) ?? {};
    all.set(id, { ...row, developments: developments + row.developments, shredded: shredded + row.shredded });
  }
  return [...all.values()];
}

/** The text that a condition has from one position on, and before another one. */
export interface ConditionText {
  readonly condition: string;
  readonly text: string;
  readonly from: number;
  readonly to: number | null;
}

/**
 * Finds the positions at which a condition has the text of a forgotten development, and the text to show there instead: the one that
 * another development gave last, or else the condition's id in words. Pure.
 */
export function textsWithout({ texts }: Pick<ForgottenFacts, 'texts'>): ConditionText[] {
  const all = Map.groupBy(texts, ({ condition }) => condition);
  return [...all].flatMap(([condition, given]) => {
    const found: ConditionText[] = [];
    let text = words(condition);
    let from: number | undefined;
    for (const { position, forgotten, text: said } of given) {
      if (forgotten) from ??= position;
      else {
        if (from !== undefined && from < position) found.push({ condition, text, from, to: position });
        text = said;
        from = undefined;
      }
    }
    return from === undefined ? found : [...found, { condition, text, from, to: null }];
  });
}
