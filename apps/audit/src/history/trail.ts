import {
  actorOf,
  carriedBy,
  emptyDirectory,
  evolveDirectory,
  isOfActor,
  isRefusal,
  resolveActor,
  type Content,
  type OpenCommit,
} from '#domain';
import { asOf, contentIn, readable, type Stores } from '#projections';
import { entriesAnswer, entriesPerAnswer, entryLines, type HistoryAnswer } from './answer.js';
import { behind } from './entries.js';
import { pastOf } from './past.js';

/** A cell of an actor's state; without a key, all cells of the facet. */
export interface Cell {
  readonly actor: string;
  readonly facet: string;
  readonly key?: string | undefined;
}

/** The developments that the cell rests on or once did, by the content that they had. Pure. */
export function developmentsBehind(ofStory: readonly OpenCommit[], { actor, facet, key }: Cell): Set<string> {
  const contents = new Map<string, Content>();
  const entries = ofStory.flatMap(commit =>
    commit.events.flatMap(event => {
      if (!carriedBy(event.type) || !('outline' in event.data)) return [];
      const { development, outline } = event.data;
      const content = contentIn(event, contents.get(development));
      if (!content) return [];
      contents.set(development, content);
      const data = { development, outline, told: { content } };
      // Each is folded alone, so that content that was corrected or retracted later still counts.
      return asOf(readable([{ ...commit, events: [{ type: 'DevelopmentRecorded', data }] }]), []).marks;
    }),
  );
  const marks = entries.filter(m => m.actor === actor && m.facet === facet && (key === undefined || m.key === key));
  return new Set(marks.map(({ development }) => development));
}

/** The actor id for an id, name or alias. Returns an error with the candidates if it is ambiguous. */
export function actorMeant(ofRegistry: readonly OpenCommit[], ref: string): string {
  const directory = ofRegistry.reduce(
    (before, commit) =>
      commit.events.reduce(
        (held, event) => (isOfActor(event) ? evolveDirectory(held, actorOf(commit)!, event) : held),
        before,
      ),
    emptyDirectory,
  );
  const found = resolveActor(directory, ref);
  if (!isRefusal(found)) return found;
  const others = found.allowed?.length ? ` Did you mean ${found.allowed.join(', ')}?` : '';
  throw new Error(`${ref}: ${found.detail}${others}`);
}

/** Every event behind a development or a cell. The cell's actor may be given by id, name or alias. */
export function trail(
  stores: Stores,
  story: string,
  about: { readonly development: string } | Cell,
): Promise<HistoryAnswer> {
  return pastOf(stores, story, ({ registry, story: commits, entries: all, position }) => {
    const of = 'actor' in about ? { ...about, actor: actorMeant(registry, about.actor) } : about;
    const developments = 'actor' in of ? developmentsBehind(commits, of) : new Set([of.development]);
    const entries = behind(all, developments);
    const none = `No event in ${story} affects ${Object.values(of).filter(Boolean).join(' ')}.`;
    if (entries.length === 0) throw new Error(none);
    return {
      json: {
        story,
        ...of,
        position,
        developments: [...developments].slice(0, entriesPerAnswer),
        ...entriesAnswer(entries),
      },
      lines: entryLines(entries, none),
    };
  });
}
