import type { CaptureView } from '../view.js';

/** What a card shows of a page, and tells if it is otherwise when it is captured again. */
export const comparedFields = ['title', 'author', 'site', 'published', 'text'] as const;
/** One of them. */
export type ComparedField = (typeof comparedFields)[number];

/** One thing that a page says otherwise now. Undefined: it did not say it, or says it no longer. */
export interface PageChange {
  readonly field: ComparedField;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

type Said = { readonly [Field in ComparedField]?: string | undefined };

/** What the page says otherwise now than when it was captured first, in the order of its card. Nothing where it is gone. */
export const pageChanges = (
  first: Said,
  again: Said & Pick<NonNullable<CaptureView['again']>, 'gone'>,
): PageChange[] =>
  again.gone
    ? []
    : comparedFields.flatMap(field =>
        first[field] === again[field] ? [] : [{ field, from: first[field], to: again[field] }],
      );
