import { loadStory, type StoryAsFiles } from '../../apps/demo/stories/load.js';
import { opening, playPosts, registrations, type Request } from '../../apps/demo/stories/player.js';
import type { Client } from './client.js';
import type { TestNewsroom } from './newsroom.js';

interface Played {
  /** Of each development recorded, by the label of its fact. */
  readonly ids: ReadonlyMap<string, string>;
  /** Of its last commit. */
  readonly position: number;
}

/** Posts a whole story as any editor's client would. */
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

/** Several, one after the other; resolves once readers see all of it. */
export async function play(newsroom: TestNewsroom, ...names: string[]): Promise<StoryAsFiles[]> {
  const editor = await newsroom.as(['editor']);
  const stories = names.map(name => loadStory(`apps/demo/stories/${name}`));
  let position = 0;
  for (const story of stories) ({ position } = await playStory(editor, story));
  await newsroom.seen(position);
  return stories;
}
