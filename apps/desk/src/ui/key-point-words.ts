import type { DeskKeyPoints, HeaderVersion } from '#contract';
import { pathTo } from '#client';
import { useEffect, useState } from 'preact/hooks';
import type { EditorApi } from '../api.js';
import type { DeskStory } from '../contracts.js';

/** Loads the key points of a story, for a proposal to take one down. Undefined while they load, or if they are not available. */
export function usePoints(api: EditorApi, { id }: DeskStory, wanted: boolean): DeskKeyPoints | undefined {
  const [points, setPoints] = useState<DeskKeyPoints>();
  useEffect(() => {
    if (wanted) void api.get<DeskKeyPoints>(pathTo('stories', id, 'key-points')).then(setPoints, () => undefined);
  }, [id, wanted]);
  return points;
}

/** The words of a key point, as those of a header are shown. Undefined if the list has none with this id. */
export function pointOf(
  held: DeskKeyPoints | undefined,
  text: string | null,
): Pick<HeaderVersion, 'title' | 'summary' | 'takedown'> | undefined {
  const point = held?.points.find(each => each.point === text);
  return point && { title: point.words, summary: null, takedown: null };
}
