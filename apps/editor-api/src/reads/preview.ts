import {
  actorsOf,
  type Author,
  closed,
  filledIn,
  headlineOf,
  isRefusal,
  nameOf,
  NewContent,
  type SentCapture,
  StoryId,
  StoryProfile,
  unsettled,
} from '#domain';
import { escapeHtml, shownBody, titleOf, wordsFor } from '#pages';
import { FieldError, invalid } from '#platform';
import { z } from 'zod';
import { newContent } from '../commands/new-content.js';
import { refused } from '../http/answer.js';
import type { WriteModel } from '../commands/write-model.js';

/** A draft: its content, and the language of its story. */
export const PreviewBody = z
  .strictObject({
    content: z.unknown(),
    language: StoryProfile.shape.language.meta({
      description: 'The story’s language, which decides the headline’s quotation marks; default: English.',
    }),
    story: StoryId.optional().meta({ description: 'The story whose posting defaults apply; default: the newsroom’s.' }),
  })
  .meta({ id: 'PreviewContent' });
export type PreviewBody = z.infer<typeof PreviewBody>;

const Shown = z
  .object({ entry: z.looseObject({ headline: z.string() }) })
  .meta({ description: 'An entry as in the readers’ API.' });
const Lacking = z.object({ lacks: z.array(FieldError) }).meta({
  description:
    'The errors that would refuse this content. A draft may be incomplete, so they do not make the preview fail.',
});
/** How readers would see the draft, or which parts are missing. */
export const Preview = z.union([Shown, Lacking]).meta({ id: 'Preview' });
export type Preview = z.infer<typeof Preview>;

/** The captures as in the readers' API. The files of their pictures are not public yet. */
const asReadersSee = (captures: readonly SentCapture[]) => {
  const shown = <Made extends Pick<SentCapture, 'picture'>>({ picture, ...page }: Made) => ({
    ...page,
    ...(picture && {
      picture: { picture: picture.picture, alt: picture.alt ?? '', sha256: picture.sha256, sources: [] },
    }),
  });
  return captures.map(({ again, ...first }) => ({ ...shown(first), ...(again && { again: shown(again) }) }));
};

const nothingYet = {
  ...{ status: 'active', key: false, pinned: false, supersedes: [], supersededBy: null },
  ...{ position: 0, changed: 0, checks: [], corrections: [], edits: [], retraction: null, links: [], lifted: null },
};

/** Shows a draft's content as readers would see it if it were recorded now, or the reason why it would be refused. */
export function previewOf(
  { content: draft, language, story }: PreviewBody,
  model: WriteModel,
  by: Author,
  now: string,
): Preview {
  const { directory } = model;
  const parsed = z.object({ content: NewContent }).safeParse({ content: draft });
  if (!parsed.success) return { lacks: invalid(parsed.error.issues).details.errors ?? [] };
  const defaults = story === undefined ? undefined : model.stories.get(story)?.defaults;
  const resolved = newContent(filledIn(parsed.data.content, defaults, by), directory, language);
  if (isRefusal(resolved)) return { lacks: refused(resolved).details.errors ?? [] };
  const name = (actor: string) => nameOf(directory, actor);
  const { kind, data, body, occurred, sourcing, modality, byline = null } = resolved;
  const { captures } = parsed.data.content;
  const headline = headlineOf(resolved, name, language);
  const conditions = (modality.conditions ?? []).map(condition => ({ ...condition, ...unsettled }));
  const qualified = { standing: sourcing.standing, modality: { mode: modality.mode, conditions } };
  const title = titleOf({ headline, status: 'active', corrections: [], ...qualified }, wordsFor(language), {
    fates: false,
  });
  return {
    entry: {
      ...nothingYet,
      ...{
        id: 'preview',
        kind,
        headline,
        headlineHtml: escapeHtml(closed(headline)),
        title,
        data,
        occurred,
        sourcing,
        byline,
      },
      ...(captures && { captures: asReadersSee(captures) }),
      bodyHtml: shownBody(body),
      ...qualified,
      actors: actorsOf(resolved).map(id => ({ id, name: name(id) })),
      recorded: now,
      by: by.name ?? null,
    },
  };
}
