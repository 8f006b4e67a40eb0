import type { Entry, KeyPoint, LeadPicture, Story } from '#contract';
import { lastChanged, recordedAt, type Reading } from '#projections';
import { storyNow } from '../story-at/index.js';
import { keyPointsIn } from '../story-at/key-points.js';
import { presentLead } from '../story-at/lead-picture.js';
import { presentEntry } from '../story-at/render.js';
import { presentStory } from '../story-at/render-story.js';
import { fitting, listBytes } from '../http/paging.js';
import { surroundingsOf } from '../story-at/surroundings.js';

/** Maximum number of entries in a feed: those that changed last, so that it contains a correction of an old entry. */
const most = 50;

/** An entry with the time of its last change: ISO 8601, UTC, milliseconds. */
export type DatedEntry = Entry & { readonly modified: string };

/** The syndicated part of a story: the entries that changed last, newest first. */
export interface Syndicated {
  readonly story: Story;
  /** The log's id. */
  readonly log: string;
  readonly entries: readonly DatedEntry[];
  /** Its key points, in order. */
  readonly points: readonly KeyPoint[];
  /** The picture that represents it, if it has one. */
  readonly lead?: LeadPicture | undefined;
}

/** Adds the time of the last change to an entry. */
export async function dated({ client }: Reading, entry: Entry): Promise<DatedEntry> {
  const recorded = await recordedAt(client, [entry.changed]);
  return { ...entry, modified: recorded.get(entry.changed) ?? entry.recorded };
}

/** What to read: at most `count` entries, of at most `bytes` as JSON; `points` if the caller has read them. */
interface Asked {
  readonly count?: number;
  readonly bytes?: number;
  readonly points?: readonly KeyPoint[];
}

/** Reads a story for syndication. Rejects with a 404 if it does not exist. */
export async function syndicated(
  reading: Reading,
  story: string,
  { count = most, bytes = listBytes, points }: Asked = {},
): Promise<Syndicated> {
  const view = await storyNow(reading, story);
  const settled = Object.entries(view.story.conditions).flatMap(([id, { position }]) =>
    position === null ? [] : [[id, position] as const],
  );
  const rows = await lastChanged(reading.client, story, count, Object.fromEntries(settled));
  const context = await surroundingsOf(view, rows);
  const all = rows.map(row => presentEntry(row, context));
  const shown = all.slice(0, fitting(all, bytes));
  const recorded = await recordedAt(
    reading.client,
    shown.map(({ changed }) => changed),
  );
  const entries = shown.map(entry => ({ ...entry, modified: recorded.get(entry.changed) ?? entry.recorded }));
  const lead = await view.lead();
  return {
    story: presentStory(view.story),
    log: reading.log!,
    entries,
    points: points ?? (await keyPointsIn(view)),
    lead: lead && presentLead(lead),
  };
}
