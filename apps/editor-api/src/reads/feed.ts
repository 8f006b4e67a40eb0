import { type DeskDevelopment, type DeskStory } from '#contract';
import { storyStream } from '#domain';
import { headOf } from '#event-log';
import { commitsSince, type CommitSummary, type WriteModel } from '../commands/write-model.js';
import { developmentOf, storyOf } from './developments.js';

/** What a desk that is open has to learn. */
export type DeskNews =
  /** A commit of the story, and what it made of the developments that it is about. */
  | {
      readonly news: 'commit';
      readonly commit: CommitSummary;
      readonly story: DeskStory;
      readonly developments: readonly DeskDevelopment[];
      readonly settled: Readonly<Record<string, string>>;
    }
  /** More happened than is told one by one: load the story again. */
  | { readonly news: 'resync' }
  /** An actor was registered or amended: load the registry again. */
  | { readonly news: 'actors' }
  /** Where the log stands, whatever it is about. */
  | { readonly news: 'position'; readonly position: number };

/** What happened to a story and to the registry between two views of the newsroom, for somebody who may read `all` or not; pure. */
export function newsBetween(before: WriteModel, after: WriteModel, story: string, all: boolean): DeskNews[] {
  if (before.arbitration.position === after.arbitration.position) return [];
  const news: DeskNews[] = [...storyNews(before, after, story, all)];
  if (before.directory !== after.directory) news.push({ news: 'actors' });
  return [...news, { news: 'position', position: after.arbitration.position }];
}

function storyNews(before: WriteModel, after: WriteModel, id: string, all: boolean): DeskNews[] {
  const stream = storyStream(id);
  const seen = headOf(before.arbitration, stream).id;
  if (headOf(after.arbitration, stream).id === seen) return [];
  const commits = commitsSince(after, stream, seen);
  const story = storyOf(after, id);
  const state = after.stories.get(id);
  if (!commits || !story || !state) return [{ news: 'resync' }];
  return commits.map(commit => {
    const touched = new Set(commit.events.flatMap(({ development }) => development ?? []));
    const developments = [...touched].flatMap(development => {
      const held = state.developments.get(development);
      return held ? [developmentOf(development, held, state.embargoes.get(development), all)] : [];
    });
    return { news: 'commit', commit, story, developments, settled: state.settled.toObject() };
  });
}
