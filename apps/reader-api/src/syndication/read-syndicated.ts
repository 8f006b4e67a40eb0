import type { Entry } from '#contract';
import { lastChanged, recordedAt, type Reading } from '#projections';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { presentEntry, presentStory } from '../story-at/render.js';
import { ReadModels } from '../read-models.js';
import { storyNow } from '../story-at/index.js';
import { surroundingsOf } from '../story-at/surroundings.js';
import type { DatedEntry, Syndicated } from './syndicated.js';

/** Entries in a feed: those that changed last, so that a correction of an old one is in it. */
const most = 50;

/** A story as it is handed on in feeds and as data for search engines. */
export class ReadSyndicated extends Query<Syndicated> {
  constructor(readonly story: string) {
    super();
  }
}

@QueryHandler(ReadSyndicated)
export class ReadSyndicatedHandler implements IQueryHandler<ReadSyndicated> {
  constructor(private readonly models: ReadModels) {}

  execute({ story }: ReadSyndicated): Promise<Syndicated> {
    return this.models.read(reading => syndicated(reading, story));
  }
}

/** An entry with when it last changed. */
export async function dated({ client }: Reading, entry: Entry): Promise<DatedEntry> {
  const recorded = await recordedAt(client, [entry.changed]);
  return { ...entry, modified: recorded.get(entry.changed) ?? entry.recorded };
}

/** Rejects with a 404 where there is no such story. */
export async function syndicated(reading: Reading, story: string, count = most): Promise<Syndicated> {
  const view = await storyNow(reading, story);
  const settled = Object.entries(view.story.conditions).flatMap(([id, { position }]) =>
    position === null ? [] : [[id, position] as const],
  );
  const rows = await lastChanged(reading.client, story, count, Object.fromEntries(settled));
  const around = await surroundingsOf(view, rows);
  const shown = rows.map(row => presentEntry(row, around));
  const recorded = await recordedAt(
    reading.client,
    shown.map(({ changed }) => changed),
  );
  const entries = shown.map(entry => ({ ...entry, modified: recorded.get(entry.changed) ?? entry.recorded }));
  return { story: presentStory(view.story), log: reading.log!, entries };
}
