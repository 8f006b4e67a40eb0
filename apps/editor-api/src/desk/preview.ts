import { actorsOf, Content, headlineOf, isRefusal, nameOf, resolveContent, type Author, type Refusal } from '#domain';
import { bodyHtml, escapeHtml } from '#pages';
import { z } from 'zod';
import type { Newsroom } from '../newsroom/newsroom.js';

export const PreviewBody = z.strictObject({ content: Content }).meta({ id: 'PreviewContent' });

export const Preview = z
  .object({ entry: z.looseObject({ headline: z.string() }) })
  .meta({ id: 'Preview', description: 'In the form in which the readers’ API gives an entry.' });
export type Preview = z.infer<typeof Preview>;

const nothingYet = {
  ...{ status: 'active', key: false, pinned: false, supersedes: [], supersededBy: null },
  ...{ position: 0, changed: 0, checks: [], corrections: [], retraction: null, links: [], lifted: null },
};

/** What readers would see of the content, had it been recorded now; a refusal where the log would refuse it. */
export function previewOf(content: Content, newsroom: Newsroom, by: Author, now: string): Preview | Refusal {
  const { directory } = newsroom;
  const resolved = resolveContent(content, directory, ['content']);
  if (isRefusal(resolved)) return resolved;
  const name = (actor: string) => nameOf(directory, actor);
  const { kind, data, body, occurred, sourcing, modality } = resolved;
  const headline = headlineOf(resolved, name);
  const open = { fate: null, reason: null, development: null, position: null };
  const conditions = (modality.conditions ?? []).map(condition => ({ ...condition, ...open }));
  return {
    entry: {
      ...nothingYet,
      ...{ id: 'preview', kind, headline, headlineHtml: escapeHtml(headline), data, occurred, sourcing },
      bodyHtml: body === undefined ? null : bodyHtml(body),
      modality: { mode: modality.mode, conditions },
      standing: sourcing.standing,
      actors: actorsOf(resolved).map(id => ({ id, name: name(id) })),
      recorded: now,
      by: by.name ?? null,
    },
  };
}
