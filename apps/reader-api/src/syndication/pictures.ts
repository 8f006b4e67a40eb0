import type { Entry, Medium } from '#contract';
import type { Preview } from '#pages';
import type { Addresses } from './addresses.js';

/** The pictures of an entry. */
export const picturesOf = (entry: Entry): readonly Medium[] => ('media' in entry ? (entry.media ?? []) : []);

/** The recordings of an entry for programs that fetch them: podcast players, feed readers. */
export const enclosuresOf = (entry: Entry, { file }: Addresses) =>
  picturesOf(entry).flatMap(({ recording }) => {
    if (!recording) return [];
    const { href, type, size, lasts } = recording;
    return [{ url: file(href), type, size, seconds: Math.round(lasts / 1_000) }];
  });

/** The widest rendition of a type that every program reads. */
export const widest = (sources: Medium['sources']): Medium['sources'][number] =>
  sources.findLast(({ type }) => type === 'image/jpeg') ?? sources.at(-1)!;

/** The absolute address of a picture, in the rendition for previews and search engines; undefined if there is none. */
export const pictureAddress = (picture: Pick<Medium, 'sources'> | undefined, { file }: Addresses): string | undefined =>
  picture && file(widest(picture.sources).href);

/** A picture for previews on other sites; undefined if there is none. */
export function previewOf(
  picture: Pick<Medium, 'sources' | 'alt'> | undefined,
  { file }: Addresses,
): Preview | undefined {
  if (!picture) return undefined;
  const { href, width, height } = widest(picture.sources);
  return { href: file(href), width, height, alt: picture.alt };
}
