import { isTakenDown, type TimelineRow } from '#projections';
import type { RenderContext } from './render.js';
import type { StoryView } from './index.js';

type References = Pick<TimelineRow, 'actors' | 'links' | 'status' | 'takedown'>;

/** Loads the context that these entries need besides their rows. */
export async function surroundingsOf(
  view: StoryView,
  entries: readonly References[],
  retracted: ReadonlySet<string> = new Set(),
): Promise<RenderContext> {
  const rows = await view.actors([...new Set(entries.flatMap(({ actors }) => actors))]);
  const names = new Map(rows.map(({ actor, name }) => [actor, name]));
  const targets = [...new Set(entries.flatMap(({ links }) => links.map(({ to }) => to)))];
  const found = targets.length > 0 ? await view.entries(targets) : [];
  const linked = new Map(
    found.flatMap(row =>
      row.status === 'active' || row.status === 'superseded' ? [[row.development, row] as const] : [],
    ),
  );
  const before = entries.some(row => isTakenDown(row) && !row.takedown);
  const takedowns = before ? await view.takedowns() : new Map();
  const { conditions, language } = view.story;
  return { names, linked, conditions, language, retracted, takedowns };
}
