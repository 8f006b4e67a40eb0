import { allOf } from '#postgres';
import { isTakenDown, type TimelineRow } from '#projections';
import { shownName, type RenderContext } from './render.js';
import type { StoryView } from './index.js';

type References = Pick<TimelineRow, 'actors' | 'links' | 'status' | 'takedown'>;

/** Loads the context that these entries need besides their rows. */
export async function surroundingsOf(
  view: StoryView,
  entries: readonly References[],
  retracted: ReadonlySet<string> = new Set(),
): Promise<RenderContext> {
  const targets = [...new Set(entries.flatMap(({ links }) => links.map(({ to }) => to)))];
  const named = [...new Set(entries.flatMap(({ actors }) => actors))];
  const [rows, found] = await allOf(
    named.length > 0 ? view.actors(named) : Promise.resolve([]),
    targets.length > 0 ? view.entries(targets) : Promise.resolve([]),
  );
  const linked = new Map(
    found.flatMap(row =>
      row.status === 'active' || row.status === 'superseded' ? [[row.development, row] as const] : [],
    ),
  );
  const before = entries.some(row => isTakenDown(row) && !row.takedown);
  const takedowns = before ? await view.takedowns() : new Map();
  const { conditions, language, continues } = view.story;
  const names = new Map(rows.map(row => [row.actor, shownName(row, language)]));
  return { names, linked, conditions, language, continues, retracted, takedowns };
}
