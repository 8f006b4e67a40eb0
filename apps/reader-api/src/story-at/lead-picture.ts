import type { LeadPicture } from '#contract';
import { leadPicturesOf, type LeadRow, type StoryRow } from '#projections';
import { presentMedium } from './render.js';

/** The widest rendition of a picture in the list of stories, in pixels. */
const widestListed = 640;

/** A story's lead picture, as the API shows it. */
export const presentLead = ({ development, medium }: LeadRow): LeadPicture => ({
  ...presentMedium(medium),
  development,
});

/** The lead pictures of these stories by story, in renditions for a list. */
export async function listedLeads(
  client: Parameters<typeof leadPicturesOf>[0],
  stories: readonly Pick<StoryRow, 'story' | 'pinned'>[],
): Promise<ReadonlyMap<string, LeadPicture>> {
  const rows = await leadPicturesOf(client, stories);
  return new Map(
    rows.map(row => {
      const { sources, ...lead } = presentLead(row);
      return [row.story, { ...lead, sources: sources.filter(({ width }) => width <= widestListed) }];
    }),
  );
}
