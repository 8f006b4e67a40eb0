import type { Stores } from '#projections';
import { actorMeant, developmentsBehind, type Cell } from './cell.js';
import { behind } from './entries.js';
import { pastOf } from './past.js';
import { entriesAnswer, entryLines, entriesPerAnswer, type HistoryAnswer } from './answer.js';

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
    const none = `No event in ${story} is behind ${Object.values(of).filter(Boolean).join(' ')}.`;
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
