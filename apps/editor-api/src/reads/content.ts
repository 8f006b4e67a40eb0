import { Content, payloadOf, refuse, storyStream, type Refusal } from '#domain';
import { openAll, type KeyStore } from '#keys';
import { z } from 'zod';
import { withheldKey, type WriteModel } from '../commands/write-model.js';

/** The content of a development under embargo, as the desk reads it. */
export const WithheldContent = z
  .object({
    content: Content,
    position: z
      .int()
      .meta({ description: 'Position of the commit that holds this content: the recording, or the last correction.' }),
  })
  .meta({ id: 'WithheldContent', description: 'Content that readers cannot see yet.' });
export type WithheldContent = z.infer<typeof WithheldContent>;

/** Unseals a development under embargo. It is unsealed for each request and never kept. Rejects with a KeyStoreError. */
export async function withheldContent(
  { stories, withheld }: WriteModel,
  store: Pick<KeyStore, 'keysOf'>,
  story: string,
  development: string,
): Promise<WithheldContent | Refusal> {
  if (!stories.has(story)) return refuse('unknown-story');
  if (!stories.get(story)!.developments.has(development)) return refuse('unknown-development');
  const kept = withheld.get(withheldKey(storyStream(story), development));
  if (!kept) return refuse('not-embargoed');
  const [opened] = await openAll(store, [kept]);
  const [event] = opened?.events ?? [];
  if (event?.type !== 'DevelopmentRecorded' && event?.type !== 'DevelopmentCorrected')
    throw new TypeError(`The kept payload of ${development} is not a content.`);
  const payload = payloadOf(event.data);
  if (!payload) return refuse('development-taken-down');
  return { content: payload.content, position: kept.position };
}
