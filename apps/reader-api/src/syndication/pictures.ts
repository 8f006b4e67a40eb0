import type { Entry, Medium } from '#contract';
import type { Addresses } from './addresses.js';

/** The pictures of an entry. */
export const picturesOf = (entry: Entry): readonly Medium[] => ('media' in entry ? (entry.media ?? []) : []);

/** The widest rendition of a type that every program reads. */
export const widest = (sources: Medium['sources']): Medium['sources'][number] =>
  sources.findLast(({ type }) => type === 'image/jpeg') ?? sources.at(-1)!;

/** The absolute address of the picture that represents these entries: the first of the first that has one. */
export function leadPicture(entries: readonly Entry[], { file }: Addresses): string | undefined {
  const [lead] = entries.map(picturesOf).find(media => media.length > 0) ?? [];
  return lead && file(widest(lead.sources).href);
}
