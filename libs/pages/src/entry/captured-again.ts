import type { CaptureView } from '../view.js';

/** What a card shows of a page, and tells if it is otherwise when it is captured again. */
export const comparedFields = ['title', 'author', 'site', 'published', 'text', 'picture'] as const;
/** One of them. */
export type ComparedField = (typeof comparedFields)[number];

/** One thing that a page says otherwise now, of its picture the hash. Undefined: it did not say it, or says it no longer. */
export interface PageChange {
  readonly field: ComparedField;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

type Said = { readonly [Field in Exclude<ComparedField, 'picture'>]?: string | undefined } & Pick<
  CaptureView,
  'noPicture'
> & { readonly picture?: { readonly sha256: string } | undefined };

/** The hash of its picture; undefined if the page had none, null if nobody knows which one it had. */
const pictureOf = ({ picture, noPicture }: Said): string | null | undefined =>
  picture ? picture.sha256 : noPicture === 'none' || noPicture === 'gone' ? undefined : null;
const said = (page: Said, field: ComparedField): string | null | undefined =>
  field === 'picture' ? pictureOf(page) : page[field];

/** What the page says otherwise now than when it was captured first, in the order of its card. Nothing where it is gone. */
export const pageChanges = (
  first: Said,
  again: Said & Pick<NonNullable<CaptureView['again']>, 'gone'>,
): PageChange[] =>
  again.gone
    ? []
    : comparedFields.flatMap(field => {
        const [from, to] = [said(first, field), said(again, field)];
        return from === to || from === null || to === null ? [] : [{ field, from, to }];
      });
