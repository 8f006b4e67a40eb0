import { keptOf, nameOfKept, pagePictures, payloadOf, publicFilesOf, storyOf, type Content, type Kept } from '#domain';
import { developmentsOf, type Held, type Projection, type ShownEvent } from '../fold.js';
import { contentIn } from '../forgotten.js';

/**
 * The pictures, recordings and captions of a development that readers may see, in any of its versions: for the projector alone, which
 * publishes their files.
 */
export type PictureRow = {
  readonly story: string;
  readonly development: string;
  /** The last commit that changed which pictures these are. */
  readonly position: number;
  readonly kept: readonly Kept[];
  /** The public names of their files. */
  readonly files: readonly string[];
  /** The public names of files that a retraction withdrew. */
  readonly gone: readonly string[];
};

const publicNames = (kept: readonly Kept[]): string[] => [
  ...new Set(kept.flatMap(publicFilesOf).map(({ sha256 }) => sha256)),
];

/** What an event shows: of its content, and of the pages that it links to. */
function keptIn(event: ShownEvent): Kept[] {
  const shown = shownIn(event);
  return [...(shown?.media ?? []), ...pagePictures(shown?.captures ?? [])].flatMap(keptOf);
}

function shownIn(event: ShownEvent): Pick<Content, 'media' | 'captures'> | null | undefined {
  if (event.type === 'DevelopmentRecaptured') return payloadOf(event.data);
  return ['DevelopmentRecorded', 'EmbargoLifted', 'DevelopmentCorrected'].includes(event.type)
    ? contentIn(event)
    : undefined;
}

/** The pictures that the development shows after an event of it; undefined if the event changes nothing about them. */
function shownAfter(
  event: ShownEvent,
  row: PictureRow | undefined,
): Pick<PictureRow, 'kept' | 'files' | 'gone'> | undefined {
  if (event.type === 'DevelopmentRetracted')
    return row && row.kept.length > 0 ? { kept: [], files: [], gone: row.files } : undefined;
  const before = row?.kept ?? [];
  const known = new Set(before.map(nameOfKept));
  // Those of former versions stay: a reader of the past sees the picture of then.
  const fresh = keptIn(event).filter(kept => !known.has(nameOfKept(kept)));
  if (fresh.length === 0) return undefined;
  const kept = [...before, ...fresh];
  return { kept, files: publicNames(kept), gone: [] };
}

function rowsAfter(held: Held, story: string, position: number, events: readonly ShownEvent[]): PictureRow[] {
  const rows = new Map<string, PictureRow>();
  for (const event of events) {
    const { development } = event.data as { readonly development?: string };
    if (development === undefined) continue;
    const row = rows.get(development) ?? held.get<PictureRow>('picture', [story, development]);
    const shown = shownAfter(event, row);
    if (shown) rows.set(development, { story, development, position, ...shown });
  }
  return [...rows.values()];
}

/** Which pictures the public part of the blob store has to hold. */
export const pictures: Projection = {
  name: 'pictures',
  version: 1,
  tables: {
    picture: { key: ['story', 'development'], by: ['story', 'development'], story: 'story', past: 'versions' },
  },
  touches(commit) {
    const story = storyOf(commit);
    return story ? developmentsOf(commit).map(id => ({ table: 'picture', values: [story, id] })) : [];
  },
  fold(held, { position, ...commit }) {
    const story = storyOf(commit);
    return story ? rowsAfter(held, story, position, commit.events).map(put => ({ table: 'picture', put })) : [];
  },
};
