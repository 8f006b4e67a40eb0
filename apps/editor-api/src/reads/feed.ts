import { type DeskDevelopment, type DeskStory } from '#contract';
import { storyStream, type Directory, type Person } from '#domain';
import { headOf } from '#event-log';
import type { Keys } from '#keys';
import { commitsSince, type CommitSummary, type WriteModel } from '../commands/write-model.js';
import { developmentOf, storyOf, viewerOf } from './developments.js';

/** An event for an open desk. */
export type DeskNews =
  /** A commit of the story, with the new state of the developments that it changed. */
  | {
      readonly news: 'commit';
      readonly commit: CommitSummary;
      readonly story: DeskStory;
      readonly developments: readonly DeskDevelopment[];
      readonly settled: Readonly<Record<string, string>>;
    }
  /** More happened than is sent as single events: the desk must load the story again. */
  | { readonly news: 'resync' }
  /** An actor was registered or amended: the desk must load the registry again. */
  | { readonly news: 'actors' }
  /** The log's position, after commits of any stream. */
  | { readonly news: 'position'; readonly position: number };

/** What a desk has seen: the log's position, the story's head and the registry. */
export interface Seen {
  readonly position: number;
  readonly head: string;
  readonly directory: Directory;
}

/** What a desk has seen at this write model. A desk keeps no model, because an old model can no longer be read from the disk. */
export const seenIn = ({ arbitration, directory }: WriteModel, story: string): Seen => ({
  position: arbitration.position,
  head: headOf(arbitration, storyStream(story)).id,
  directory,
});

/** Lists the events of a story and of the registry since then, for this person. Pure. */
export function newsSince(
  before: Seen,
  after: WriteModel,
  story: string,
  person: Person,
  keys: Pick<Keys, 'get'>,
): DeskNews[] {
  if (before.position === after.arbitration.position) return [];
  const news: DeskNews[] = [...storyNews(before.head, after, story, person, keys)];
  if (before.directory !== after.directory) news.push({ news: 'actors' });
  return [...news, { news: 'position', position: after.arbitration.position }];
}

function storyNews(seen: string, after: WriteModel, id: string, person: Person, keys: Pick<Keys, 'get'>): DeskNews[] {
  const stream = storyStream(id);
  if (headOf(after.arbitration, stream).id === seen) return [];
  const commits = commitsSince(after, stream, seen);
  const story = storyOf(after, id, keys);
  const state = after.stories.get(id);
  if (!commits || !story || !state) return [{ news: 'resync' }];
  const viewer = viewerOf(state, person);
  return commits.map(commit => {
    const touched = new Set(commit.events.flatMap(({ development }) => development ?? []));
    const developments = [...touched].flatMap(development => {
      const held = state.developments.get(development);
      return held ? [developmentOf(development, held, state, viewer)] : [];
    });
    return { news: 'commit', commit, story, developments, settled: state.settled.toObject() };
  });
}
