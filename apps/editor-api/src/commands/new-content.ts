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

/** Resolves a content that will be recorded, or refuses it where readers could not be shown a part of it. */
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

/** The language of a story, if its header names one. */
export const languageOf = ({ stories }: Pick<WriteModel, 'stories'>, story: string): string | undefined =>
  stories.get(story)?.header?.language;
