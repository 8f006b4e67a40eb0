import { pathTo } from '#client';
import type { DeskKeyPoints } from '#contract';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { isUnclassified } from './acts.js';
import type { EditorApi } from './api.js';
import type { DeskStory, Me } from './contracts.js';
import type { Row } from './known.js';
import { filtersOf, listFilters, type ListFilter } from './list-filters.js';
import type { Followed } from './use-newsroom.js';

/** A filter of the list, with how many posts it leaves. */
export interface FilterChoice {
  readonly filter: ListFilter;
  readonly label: string;
  readonly count: number;
}

/** The chosen filter of the list, and its choices: those that leave something. */
export interface Filtering {
  readonly chosen: ListFilter;
  readonly choices: readonly FilterChoice[];
  readonly rows: readonly Row[];
  readonly onChoose: (filter: ListFilter) => void;
}

const none: ReadonlySet<string> = new Set();

/** The developments under key points that have to be rewritten. Loaded only where the story has such points. */
function useStruck(story: DeskStory | undefined, api: EditorApi): ReadonlySet<string> {
  const [struck, setStruck] = useState(none);
  const due = (story?.keyPoints.toRewrite ?? 0) > 0;
  useEffect(() => {
    if (!story || !due) return setStruck(none);
    let over = false;
    api.get<DeskKeyPoints>(pathTo('stories', story.id, 'key-points')).then(
      ({ points }) => over || setStruck(new Set(points.flatMap(({ struckBy }) => struckBy))),
      () => undefined,
    );
    return () => {
      over = true;
    };
  }, [story?.head, due, api]);
  return struck;
}

/** Narrows the list of posts. */
export function useFilter(rows: readonly Row[], { known, submissions }: Followed, me: Me, api: EditorApi): Filtering {
  const [chosen, onChoose] = useState<ListFilter>('all');
  const struck = useStruck(known.story, api);
  const passed = useMemo(
    () => rows.map(row => [row, filtersOf(row, { me, submissions, struck })] as const),
    [rows, submissions, struck, me],
  );
  const counted = (filter: ListFilter) =>
    // Those that are not loaded yet count too.
    filter === 'unclassified'
      ? [...known.developments.values()].filter(isUnclassified).length
      : passed.filter(([, filters]) => filters.has(filter)).length;
  const choices = (Object.keys(listFilters) as ListFilter[])
    .map(filter => ({ filter, label: listFilters[filter], count: counted(filter) }))
    .filter(({ filter, count }) => count > 0 || filter === 'all' || filter === chosen);
  return { chosen, choices, onChoose, rows: passed.flatMap(([row, filters]) => (filters.has(chosen) ? [row] : [])) };
}
