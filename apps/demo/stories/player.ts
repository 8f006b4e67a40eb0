import { pathTo } from '#client';
import type { Post, StoryAsFiles } from './load.js';

/** A command of the editor API. Sent again with the same key, it changes nothing. */
export interface Request {
  readonly path: string;
  readonly body: unknown;
  /** The Idempotency-Key. */
  readonly key: string;
}

/** Sends a command and resolves to its answer once it is in the log. */
export type Send = (request: Request) => Promise<{ readonly development?: string | undefined }>;

/** The commands before the first post: they open the story and register its actors. */
export const opening = ({ story }: StoryAsFiles): Request => ({
  path: '/stories',
  // For everybody on this machine: the demo is one person, and who follows it at the desk is another.
  body: { ...story, team: 'newsroom' },
  key: `${story.id}/open-for-newsroom`,
});

export const registrations = ({ story, actors }: StoryAsFiles): Request[] =>
  actors.map(({ id, profile }) => ({ path: '/actors', body: { id, ...profile }, key: `${story.id}/actor/${id}` }));

/**
 * Sends the posts in order, each after the answer to the one before. Labels are replaced by the ids from the answers. `send`
 * also gets the label. Resolves to the id of each recorded development, by label.
 */
export async function playPosts(
  { story, posts }: StoryAsFiles,
  send: (request: Request, post: Post) => ReturnType<Send>,
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const post of posts) {
    const { development } = await send(requestOf(story.id, post, ids), post);
    if (!post.record) continue;
    if (!development) throw new Error(`The answer to ${post.fact} lacks the id of its development.`);
    ids.set(post.fact, development);
  }
  return ids;
}

/** The command of a post, with ids instead of labels. */
export function requestOf(story: string, post: Post, ids: ReadonlyMap<string, string>): Request {
  const [steps, body] = commandOf(post, label => ids.get(label) ?? label);
  return { path: pathTo('stories', story, ...steps), body, key: `${story}/fact${pathTo(post.fact)}` };
}

/** The last step of the route for each command in a post. */
const steps = {
  ...{ correct: 'correct', retract: 'retract', verify: 'verify', dispute: 'dispute' },
  ...{ pin: 'pin', key: 'mark-key', lift: 'lift', link: 'link', unlink: 'unlink' },
} as const;

function commandOf(post: Post, id: (label: string) => string): [steps: string[], body: unknown] {
  const { record, settle } = post;
  if (record) {
    const { supersedes, embargo, ...body } = record;
    return [['developments'], { ...body, supersedes: supersedes && id(supersedes), embargo: embargo && {} }];
  }
  if (settle) {
    const { condition, development, ...body } = settle;
    return [['conditions', condition, 'settle'], { ...body, development: development && id(development) }];
  }
  for (const [name, step] of Object.entries(steps) as [keyof typeof steps, string][]) {
    const act = post[name];
    if (!act) continue;
    const { development, ...body } = act;
    return [['developments', id(development), step], 'to' in body ? { ...body, to: id(body.to) } : body];
  }
  throw new Error(`${post.fact} contains no command.`);
}
