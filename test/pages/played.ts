import { TestNewsroom } from '../harness/newsroom.js';
import { loadStory, type StoryAsFiles } from '../stories/load.js';
import { opening, playPosts, registrations, type Request } from '../stories/player.js';

/** Posts whole stories as any editor's client would; resolves once readers see all of it. */
export async function play(newsroom: TestNewsroom, ...names: string[]): Promise<StoryAsFiles[]> {
  const editor = await newsroom.as(['editor']);
  let position = 0;
  const send = async ({ path, body, key }: Request) => {
    const answer = await editor.post(path, body, { key });
    if (answer.status !== 201) throw new Error(`${key}: ${answer.text}`);
    position = answer.body.position;
    return answer.body as { development?: string };
  };
  const stories = names.map(name => loadStory(`test/stories/${name}`));
  for (const story of stories) {
    await send(opening(story));
    for (const registration of registrations(story)) await send(registration);
    await playPosts(story, send);
  }
  await newsroom.seen(position);
  return stories;
}
