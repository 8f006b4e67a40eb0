/** The parts of the form that are folded until an editor needs them. */
export const folds = ['kind', 'how', 'when', 'more'] as const;
/** A folded part of the form. */
export type FoldName = (typeof folds)[number];

/** The letter that opens each part, with Alt. */
export const foldLetters: Readonly<Record<FoldName, string>> = { kind: 'K', how: 'S', when: 'W', more: 'H' };

/** The part with the field of an error. Undefined for fields that are always shown. */
export function foldOf(field: string): FoldName | undefined {
  if (/^content\.(sourcing|modality)\b/.test(field)) return 'how';
  if (/^content\.occurred\b/.test(field)) return 'when';
  if (/^(content\.(headline|byline|captures)|supersedes|embargo|key)\b/.test(field)) return 'more';
  return field === 'content.kind' ? 'kind' : undefined;
}
