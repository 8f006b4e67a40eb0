import { loadStory, type StoryAsFiles } from '../../apps/demo/stories/load.js';
import { opening, playPosts, registrations, type Request } from '../../apps/demo/stories/player.js';
import type { Client } from './client.js';
import type { TestNewsroom } from './newsroom.js';

interface Played {
  /** The recorded developments, by the labels of their facts. */
  readonly ids: ReadonlyMap<string, string>;
  /** The position of its last commit. */
  readonly position: number;
}

/** Posts a whole story as an editor's client would. */
export async function playStory(editor: Client, story: StoryAsFiles): Promise<Played> {
  let position = 0;
  const send = async ({ path, body, key }: Request) => {
    const answer = await editor.post(path, body, { key });
    if (answer.status !== 201) throw new Error(`${key}: ${answer.text}`);
    position = answer.body.position;
    return answer.body as { development?: string };
  };
  await send(opening(story));
  for (const registration of registrations(story)) await send(registration);
  const ids = await playPosts(story, send);
  return { ids, position };
}

/** Posts several stories, one after the other. Resolves when readers see all of them. */
export async function play(newsroom: TestNewsroom, ...names: string[]): Promise<StoryAsFiles[]> {
  const editor = await newsroom.as(['editor']);
  const stories = names.map(name => loadStory(`apps/demo/stories/${name}`));
  let position = 0;
  for (const story of stories) ({ position } = await playStory(editor, story));
  await newsroom.seen(position);
  return stories;
}
