import {
  isInFourDigitYears,
  isRefusal,
  refuse,
  resolveContent,
  unshowable,
  yearsError,
  type Content,
  type Directory,
  type Refusal,
} from '#domain';
import { bodyFault } from '#pages';
import type { WriteModel } from './write-model.js';

/** A content that is to be recorded from now on, resolved: what readers could not be shown of it is refused. */
export function newContent(content: Content, directory: Directory, language?: string): Content | Refusal {
  const resolved = resolveContent(content, directory, ['content'], language);
  if (isRefusal(resolved)) return resolved;
  const { occurred } = resolved;
  const far = (['from', 'to'] as const).find(end => occurred[end] && !isInFourDigitYears(occurred[end]));
  if (far) return refuse('invalid-field', { path: ['content', 'occurred', far], detail: yearsError });
  const fault = resolved.body === undefined ? undefined : bodyFault(resolved.body);
  const path = ['content', 'body'];
  return unshowable(resolved, ['content']) ?? (fault ? refuse('invalid-field', { path, detail: fault }) : resolved);
}

/** The language that a story is told in, as far as it was said. */
export const languageOf = ({ stories }: Pick<WriteModel, 'stories'>, story: string): string | undefined =>
  stories.get(story)?.profile?.language;
