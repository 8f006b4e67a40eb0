import { kindShapes, mostFormer, renderExport, shownEntry, type Brand, type EntryView, type ExportProps } from '#pages';
import { everyEntry, type Reading, type TimelineRow } from '#projections';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Response } from 'express';
import type { z } from 'zod';
import { Answers } from '../answers/answers.js';
import { scopeOf } from '../answers/scope.js';
import { BRAND, type Site } from '../brand/site.js';
import { byBytes, html, type Answer } from '../http/answer.js';
import { bytesOf } from '../http/paging.js';
import { PublicFiles } from '../http/public-files.js';
import { PublicUrl } from '../http/public-url.js';
import { Id } from '../http/reads.js';
import { ReadModels } from '../read-models.js';
import type { StoryView } from '../story-at/index.js';
import { keyPointsIn } from '../story-at/key-points.js';
import { presentEntry } from '../story-at/render.js';
import { presentHeader, presentStory } from '../story-at/render-story.js';
import { surroundingsOf } from '../story-at/surroundings.js';
import {
  askedShape,
  checkOneMoment,
  isSentOn,
  momentShape,
  pageParameters,
  viewAsked,
  type AskedQuery,
} from './asked.js';
import { ExportedFolders } from './export-folder.js';

/** Maximum number of updates in an export, the newest. */
export const mostExported = 1_000;
/** Maximum number of bytes of these updates as JSON. */
const exportBytes = 2_000_000;
/** How many updates are read at a time. */
const rowsAtOnce = 50;

/** The newest updates, as many as an export holds. */
async function entriesOf(view: StoryView): Promise<EntryView[]> {
  const entries: EntryView[] = [];
  let bytes = 0;
  let rows: readonly TimelineRow[] = [];
  do {
    rows = await view.page(
      'newest',
      everyEntry,
      rows.at(-1) ?? null,
      Math.min(rowsAtOnce, mostExported - entries.length),
    );
    const context = await surroundingsOf(view, rows);
    for (const row of rows) {
      const entry = shownEntry(presentEntry(row, context));
      bytes += bytesOf(entry);
      if (bytes > exportBytes && entries.length > 0) return entries;
      entries.push(entry);
    }
  } while (rows.length === rowsAtOnce && entries.length < mostExported);
  return entries;
}

/** Reads a story's export, now or at a moment. Rejects with a 404 if the story did not exist then. */
async function read(reading: Reading, story: string, query: AskedQuery, { base, brand }: Site): Promise<ExportProps> {
  const { view, asked } = await viewAsked(reading, story, query);
  const entries = await entriesOf(view);
  return {
    story: presentStory(view.story),
    headers: (await view.headers(1 + mostFormer)).map(presentHeader),
    points: await keyPointsIn(view),
    ...{ entries, more: (await view.count()) - entries.length, asked, kinds: kindShapes, base, brand },
  };
}

/** The name of an export, without an extension. A story's id is letters, digits and hyphens. */
const nameOf = ({ story }: ExportProps) => `${story.id}-${story.position}`;

const fileOf = (models: ReadModels, story: string, query: AskedQuery, site: Site): Promise<Answer> =>
  models.read(async reading => {
    const props = await read(reading, story, query, site);
    const headers = { 'Content-Disposition': `attachment; filename="${nameOf(props)}.html"` };
    return { ...byBytes(reading, html, renderExport(props)), headers };
  });

const ExportQuery = pageParameters({ ...askedShape, ...momentShape });
type ExportQuery = z.infer<typeof ExportQuery>;

/** Checks that a query names one moment at most, and redirects one in other words to the words of pages. Whether it did. */
function isRedirected(query: ExportQuery, response: Response): boolean {
  checkOneMoment(query);
  return isSentOn(response, response.req.path, query);
}

/** Serves a story as one file that opens from any folder, or as a folder with its pictures. */
@Controller('s/:story')
@ApiExcludeController()
export class ExportController {
  private readonly folders: ExportedFolders;

  constructor(
    private readonly models: ReadModels,
    private readonly publicUrl: PublicUrl,
    private readonly answers: Answers,
    @Inject(BRAND) private readonly brand: Brand,
    files: PublicFiles,
  ) {
    this.folders = new ExportedFolders(files);
  }

  @Get('export')
  async export(
    @Id('story') story: string,
    @Query({ schema: ExportQuery }) query: ExportQuery,
    @Res() response: Response,
  ) {
    if (isRedirected(query, response)) return;
    const make = () => fileOf(this.models, story, query, this.siteOf(response));
    await this.answers.send(response, ['export', story, query], scopeOf(story, query), make);
  }

  @Get('export.zip')
  async folder(
    @Id('story') story: string,
    @Query({ schema: ExportQuery }) query: ExportQuery,
    @Res() response: Response,
  ) {
    if (isRedirected(query, response)) return;
    await this.folders.within(async () => {
      const props = await this.models.read(reading => read(reading, story, query, this.siteOf(response)));
      const { entries, kept } = await this.folders.placed(props.entries);
      const page = renderExport({ ...props, entries, inFolder: true });
      await this.folders.send(response, nameOf(props), page, kept);
    });
  }

  private siteOf({ req }: Response): Site {
    return { base: this.publicUrl.of(req), brand: this.brand };
  }
}
