import { pathTo } from '#client';
import {
  DevelopmentId,
  Embargo,
  fates,
  Link,
  noStory,
  Slug,
  StoryId,
  StoryProfile,
  storyStream,
  type DevelopmentState,
} from '#domain';
import { headOf } from '#event-log';
import { z } from 'zod';
import { next, pageById, type ListQuery } from '../http/paging.js';
import type { Newsroom } from '../newsroom/newsroom.js';

/** A story as the desk knows it, and where its stream stands. */
export const DeskStory = z
  .object({
    id: StoryId,
    ...StoryProfile.shape,
    status: z.enum(['open', 'closed']),
    pinned: DevelopmentId.nullable(),
    developments: z.int(),
    head: z.string(),
    seq: z.int(),
    position: z.int().meta({ description: 'Of its last commit, as far as it can be read.' }),
    readable: z
      .int()
      .meta({ description: 'Of its last commit that readers get anything of: whoever sees that is up to date.' }),
  })
  .meta({ id: 'DeskStory' });
export type DeskStory = z.infer<typeof DeskStory>;

export const DeskDevelopment = z
  .object({
    id: DevelopmentId,
    kind: z.string(),
    status: z.enum(['active', 'superseded', 'retracted', 'taken-down']),
    supersededBy: DevelopmentId.nullable(),
    standing: z.string(),
    key: z.boolean(),
    conditions: z.array(Slug),
    links: z.array(Link),
    embargo: Embargo.nullable().meta({ description: 'While readers get nothing of it.' }),
  })
  .meta({
    id: 'DeskDevelopment',
    description: 'What the log has made of it. Its words are the readers’ API’s to tell.',
  });
export type DeskDevelopment = z.infer<typeof DeskDevelopment>;

export const DeskDevelopments = z
  .object({
    position: z.int().meta({ description: 'Of the whole log: what stands there up to it is in here.' }),
    story: DeskStory,
    developments: z.array(DeskDevelopment).meta({ description: 'By id.' }),
    next,
    settled: z.record(Slug, z.enum(fates)),
  })
  .meta({ id: 'DeskDevelopments' });
export type DeskDevelopments = z.infer<typeof DeskDevelopments>;

/** `all`: whether it is for somebody who may read what is under embargo. */
export function developmentOf(
  id: string,
  held: DevelopmentState,
  embargo: Embargo | undefined,
  all: boolean,
): DeskDevelopment {
  const { kind, status, supersededBy = null, standing, key, conditions, links } = held;
  return {
    id,
    kind,
    status,
    supersededBy,
    standing,
    key,
    conditions: embargo && !all ? [] : [...conditions],
    links: [...links],
    embargo: embargo ?? null,
  };
}

/** Undefined where no such story was opened. */
export function storyOf({ stories, arbitration, recent, readable }: Newsroom, id: string): DeskStory | undefined {
  const { status, profile, pinned = null, developments } = stories.get(id, noStory);
  if (status === 'none' || !profile) return undefined;
  const { id: head, seq } = headOf(arbitration, storyStream(id));
  const position = recent.get(storyStream(id))?.last()?.position ?? 0;
  return {
    id,
    ...profile,
    status,
    pinned,
    developments: developments.size,
    head,
    seq,
    position,
    readable: readable.get(id, 0),
  };
}

/** A page of a story's developments. Undefined where no such story was opened. */
export function developmentsOf(
  newsroom: Newsroom,
  id: string,
  query: ListQuery,
  all: boolean,
): DeskDevelopments | undefined {
  const story = storyOf(newsroom, id);
  if (!story) return undefined;
  const { developments, settled, embargoes } = newsroom.stories.get(id, noStory);
  const path = pathTo('stories', id, 'developments');
  const one = (each: string) => developmentOf(each, developments.get(each)!, embargoes.get(each), all);
  const page = pageById(developments.keys(), one, query, 'developments', path);
  return {
    position: newsroom.arbitration.position,
    story,
    developments: page.items,
    next: page.next,
    settled: settled.toObject(),
  };
}
