import type { DeskSubmissions } from '#contract';
import { asSentContent, bounds, noStory, seesUnpublished, storyStream, type Person, type Submission } from '#domain';
import { openPayload, type Key, type KeyStore } from '#keys';
import { keyInStory, openContent } from '../commands/contents.js';
import type { WriteModel } from '../commands/write-model.js';

/**
 * What waits for another person in a story, oldest first: all of it for who may see what no reader sees yet, and one's own for its author.
 * Contents are opened for each request and never kept. Rejects with a KeyStoreError.
 */
export async function submissionsOf(
  { stories, contents, arbitration }: WriteModel,
  store: Pick<KeyStore, 'keysOf'>,
  story: string,
  person: Person,
): Promise<DeskSubmissions> {
  const state = stories.get(story, noStory);
  const all = seesUnpublished(state, person);
  const waiting = Object.entries(state.submissions ?? {})
    .filter(([, { by }]) => all || by.id === person.id)
    .sort(([, a], [, b]) => (a.recorded < b.recorded ? -1 : 1))
    // A log from another version may hold more. The others appear as these are approved.
    .slice(0, bounds.submissionsOfStory);
  const keys = waiting.length > 0 ? await store.keysOf(waiting.map(([development]) => development)) : new Map();
  const stream = storyStream(story);
  return {
    position: arbitration.position,
    submissions: waiting.map(([development, held]) => {
      const { by, commit, recorded, changed = by, embargo = null } = held;
      const key = keys.get(development);
      const content = openContent(stream, development, contents.get(keyInStory(stream, development)) ?? [], key);
      return {
        ...{ development, commit, by, submitted: recorded, changedBy: changed, embargo },
        returned: returnedOf(stream, development, held, key),
        content: content && asSentContent(content),
      };
    }),
  };
}

function returnedOf(stream: string, development: string, { returned }: Submission, key: Key | undefined) {
  if (!returned) return null;
  const { by, recorded: at } = returned;
  const told = returned.told as string;
  return { by, at, note: openPayload(stream, 'SubmissionReturned', { development, told }, key)?.note ?? null };
}
