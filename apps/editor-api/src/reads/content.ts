import { asSentContent, refuse, SentContent, storyStream, type Refusal } from '#domain';
import type { KeyStore } from '#keys';
import { z } from 'zod';
import { keyInStory, openContent } from '../commands/contents.js';
import type { WriteModel } from '../commands/write-model.js';

/** The content of a development under embargo, as the desk reads it. */
export const WithheldContent = z
  .object({
    content: SentContent,
    position: z.int().meta({
      description:
        'Position of the commit that changed this content last: the recording, a correction or a classification.',
    }),
  })
  .meta({ id: 'WithheldContent', description: 'Content that readers cannot see yet.' });
export type WithheldContent = z.infer<typeof WithheldContent>;

/** Unseals a development under embargo. It is unsealed for each request and never kept. Rejects with a KeyStoreError. */
export async function withheldContent(
  { stories, contents }: WriteModel,
  store: Pick<KeyStore, 'keysOf'>,
  story: string,
  development: string,
): Promise<WithheldContent | Refusal> {
  const state = stories.get(story);
  if (!state) return refuse('unknown-story');
  if (!state.developments.has(development)) return refuse('unknown-development');
  if (!state.embargoes.has(development)) return refuse('not-embargoed');
  const stream = storyStream(story);
  const sealed = contents.get(keyInStory(stream, development)) ?? [];
  const key = (await store.keysOf([development])).get(development);
  const content = openContent(stream, development, sealed, key);
  if (!content) return refuse('development-taken-down');
  return { content: asSentContent(content), position: sealed.at(-1)!.position };
}
