import { actorsOf, type Author, closed, Content, headlineOf, isRefusal, nameOf, unsettled } from '#domain';
import { escapeHtml, shownBody, titleOf, wordsFor } from '#pages';
import { FieldError, invalid } from '#platform';
import { z } from 'zod';
import { newContent } from '../commands/new-content.js';
import { refused } from '../http/answer.js';
import type { WriteModel } from '../commands/write-model.js';

export const PreviewBody = z.strictObject({ content: z.unknown() }).meta({ id: 'PreviewContent' });

const Shown = z
  .object({ entry: z.looseObject({ headline: z.string() }) })
  .meta({ description: 'In the form in which the readers’ API gives an entry.' });
const Lacking = z
  .object({ lacks: z.array(FieldError) })
  .meta({ description: 'What it would be refused for: to lack something is no error of a draft.' });
export const Preview = z.union([Shown, Lacking]).meta({ id: 'Preview' });
export type Preview = z.infer<typeof Preview>;

const nothingYet = {
  ...{ status: 'active', key: false, pinned: false, supersedes: [], supersededBy: null },
  ...{ position: 0, changed: 0, checks: [], corrections: [], retraction: null, links: [], lifted: null },
};

/** What readers would see of a draft's content, had it been recorded now; or what it would be refused for. */
export function previewOf(draft: unknown, newsroom: WriteModel, by: Author, now: string): Preview {
  const { directory } = newsroom;
  const parsed = z.object({ content: Content }).safeParse({ content: draft });
  if (!parsed.success) return { lacks: invalid(parsed.error.issues).details.errors ?? [] };
  const resolved = newContent(parsed.data.content, directory);
  if (isRefusal(resolved)) return { lacks: refused(resolved).details.errors ?? [] };
  const name = (actor: string) => nameOf(directory, actor);
  const { kind, data, body, occurred, sourcing, modality } = resolved;
  const headline = headlineOf(resolved, name);
  const conditions = (modality.conditions ?? []).map(condition => ({ ...condition, ...unsettled }));
  const told = { standing: sourcing.standing, modality: { mode: modality.mode, conditions } };
  // A draft is of no story yet, so its title is in the language that pages speak by default.
  const title = titleOf({ headline, status: 'active', corrections: [], ...told }, wordsFor(null), { fates: false });
  return {
    entry: {
      ...nothingYet,
      ...{ id: 'preview', kind, headline, headlineHtml: escapeHtml(closed(headline)), title, data, occurred, sourcing },
      bodyHtml: shownBody(body),
      ...told,
      actors: actorsOf(resolved).map(id => ({ id, name: name(id) })),
      recorded: now,
      by: by.name ?? null,
    },
  };
}
