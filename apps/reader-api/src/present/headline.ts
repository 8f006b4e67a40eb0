import { headlineOf, type Content } from '#domain';
import type { ToldRow } from '#projections';

type Told = Pick<ToldRow, 'kind' | 'headline' | 'data' | 'modality'>;

/**
 * The headline as the editor wrote it, or as the catalogue makes it with names: a fold knows no names, so the rows have
 * ids in their place.
 */
export function headlineWith(names: ReadonlyMap<string, string>, { kind, headline, data, modality }: Told): string {
  const content = { kind, data, modality } as Content;
  const made = headlineOf(content, id => id);
  return headline === made ? headlineOf(content, id => names.get(id) ?? id) : headline;
}
