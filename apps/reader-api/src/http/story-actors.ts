import { pathTo } from '#client';
import { ActorState, StoryActors, type AsOf } from '#contract';
import { ActorId, facets, Text } from '#domain';
import { cursorParameter, cursorsOf, Whole } from '#platform';
import { oneActor, registryPosition, type ActorRow, type CellsFound, type MarkPlace, type Reading } from '#projections';
import { Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { ReadModels } from '../read-models.js';
import { cellPages, type CellsAsked, type ShownCell } from '../story-at/cells.js';
import { answerAbout, viewOf, withNames, type StoryView } from '../story-at/index.js';
import { asOfParameters } from '../story-at/moment.js';
import { presentActor, presentCell, shownName } from '../story-at/render.js';
import { Answers } from '../answers/answers.js';
import { scopeOf } from '../answers/scope.js';
import type { Answer } from './answer.js';
import { addressWith, limitParameter, listBytes } from './paging.js';
import { notYet, problem } from './problems.js';
import { Id, Read, Reads } from './reads.js';

const actorCursors = cursorsOf(z.tuple([z.literal('story-actors'), Whole, ActorId]));

const StoryActorsQuery = z.strictObject({
  ...asOfParameters,
  limit: limitParameter,
  cursor: cursorParameter(actorCursors.read),
});
type StoryActorsQuery = z.infer<typeof StoryActorsQuery>;

/** Maximum number of citations of a cell in an answer with several cells. */
export const citationsShown = 20;

const lists = ['latest-cells', 'citations'] as const;
const cursors = cursorsOf(z.tuple([z.enum(lists), Whole, Whole, Whole]));

/** Encodes the end of a page of cells or citations as a cursor. */
export const writeMarkCursor = (list: (typeof lists)[number], { position, ordinal, mark }: MarkPlace): string =>
  cursors.write([list, position, ordinal, mark]);

function readMarkCursor(text: string) {
  const [list, position, ordinal, mark] = cursors.read(text) ?? [];
  return list === undefined ? undefined : { list, position: position!, ordinal: ordinal!, mark: mark! };
}

/**
 * The query parameters for an actor's cells. `facet` selects the cells of a facet; `facet` and `key` one cell, whose citations are then paged.
 */
export const cellParameters = {
  limit: limitParameter,
  cursor: cursorParameter(readMarkCursor),
  facet: z.enum(facets).optional().meta({ description: 'Only cells of this facet.' }),
  key: Text(500).optional().meta({ description: 'With `facet`: only this cell, with more of its citations.' }),
};

const withCells = <Schema extends z.ZodType>(schema: Schema) =>
  schema.check(({ value, issues }) => {
    const { facet, key, cursor } = value as z.infer<z.ZodObject<typeof cellParameters>>;
    const bad = (field: string, message: string) =>
      issues.push({ code: 'custom', path: [field], message, input: value });
    if (key !== undefined && facet === undefined) bad('facet', 'must come with key');
    if (cursor && (cursor.list === 'citations') !== (key !== undefined))
      bad('cursor', 'belongs to another list; follow `next` unchanged');
  });

const ActorQuery = withCells(z.strictObject({ ...asOfParameters, ...cellParameters }));
/** The query parameters of an actor's state. */
export type ActorQuery = z.infer<z.ZodObject<typeof asOfParameters & typeof cellParameters>>;

type CellsQuery = Pick<ActorQuery, keyof typeof cellParameters>;

/** Turns query parameters into the request for cells. */
export function cellsAsked({ limit, cursor, facet, key }: CellsQuery): CellsAsked {
  if (facet === undefined || key === undefined)
    return { facet: facet ?? null, after: cursor ?? null, limit, one: null, citations: citationsShown, before: null };
  return { facet: null, after: null, limit: 1, one: { facet, key }, citations: limit, before: cursor ?? null };
}

/** Links to the next pages of an actor's state: of its cells and of their citations. */
export function cellLinks(story: string, actor: string, { limit, facet }: CellsQuery, asOf: AsOf | undefined) {
  const address = (more: Record<string, string>) =>
    addressWith(pathTo('stories', story, 'actors', actor), asOf, {
      ...more,
      limit: String(limit),
    });
  return {
    cells: (last: MarkPlace | undefined) =>
      last ? address({ ...(facet && { facet }), cursor: writeMarkCursor('latest-cells', last) }) : null,
    citations: ({ facet, key, last }: ShownCell) =>
      last ? address({ facet, key, cursor: writeMarkCursor('citations', last) }) : null,
  };
}

@Reads('actors', 'stories/:story/actors')
/** Serves the actors of a story, and the state of each. */
export class StoryActorsController {
  constructor(
    private readonly models: ReadModels,
    private readonly answers: Answers,
  ) {}

  @Read('', 'List the actors of a story', StoryActors)
  async list(
    @Id('story') story: string,
    @Query({ schema: StoryActorsQuery }) query: StoryActorsQuery,
    @Res() response: Response,
  ) {
    const make = () => listActors(this.models, story, query);
    await this.answers.send(response, ['story actors', story, query], scopeOf(story, query), make);
  }

  @Read(':actor', 'Show an actor’s state in a story', ActorState)
  async one(
    @Id('story') story: string,
    @Id('actor') actor: string,
    @Query({ schema: ActorQuery }) query: ActorQuery,
    @Res() response: Response,
  ) {
    const make = () => stateOf(this.models, story, actor, query);
    await this.answers.send(response, ['story actor', story, actor, query], scopeOf(story, query), make);
  }
}

/**
 * The moment for the pages after this one. Their order changes with the story, so after a page of the present they are as of the last change
 * of what it shows: of the story, or of the registry.
 */
const momentShown = async ({ client, made: build }: Reading, { asOf, story }: StoryView): Promise<AsOf> =>
  asOf ?? { position: Math.max(story.position, await registryPosition(client)), build };

function listActors(models: ReadModels, story: string, query: StoryActorsQuery): Promise<Answer> {
  return models.read(async reading => {
    const view = await viewOf(reading, story, query);
    return answerAbout<StoryActors>(reading, view, await withNames(view), async () => {
      const { limit, cursor } = query;
      const after = cursor ? { marks: cursor[1], actor: cursor[2] } : null;
      const found = await view.summaries({ after, limit: limit + 1, among: null });
      const summaries = found.slice(0, limit);
      const last = found.length > limit ? summaries.at(-1) : undefined;
      const registered = await view.actors(summaries.map(({ actor }) => actor));
      const entries = new Map(registered.map(entry => [entry.actor, entry]));
      const actors = summaries.map(({ actor: id, marks, developments, position }) => {
        const entry = entries.get(id);
        const name = entry ? shownName(entry, view.story.language) : id;
        return { id, name, kind: entry?.kind ?? null, marks, developments, position };
      });
      const on = last && {
        limit: String(limit),
        cursor: actorCursors.write(['story-actors', last.marks, last.actor]),
      };
      const path = pathTo('stories', story, 'actors');
      const next = on ? addressWith(path, await momentShown(reading, view), on) : null;
      return { position: view.story.position, story, actors, next };
    });
  });
}

function stateOf(models: ReadModels, story: string, actor: string, query: ActorQuery): Promise<Answer> {
  return models.read(async reading => {
    const view = await viewOf(reading, story, query);
    const entry = await registered(reading, view, actor);
    return answerAbout<ActorState>(reading, view, await withNames(view), async () => {
      const { position, conditions } = view.story;
      const shows = (cell: ShownCell) => presentCell(cell, view.story);
      const asked = { ...cellsAsked(query), most: listBytes, shown: shows };
      const [page] = await cellPages(view.marks, conditions, [actor], asked);
      const { cells, facets: counts, last } = page!;
      const isWhole = !last && cells.every(cell => !cell.last);
      const next = cellLinks(story, actor, query, isWhole ? view.asOf : await momentShown(reading, view));
      const shown = cells.map(cell => ({ ...presentCell(cell, view.story), next: next.citations(cell) }));
      const counted = counts && { facets: presentFacets(counts) };
      return { position, story, actor: presentActor(entry), ...counted, cells: shown, next: next.cells(last) };
    });
  });
}

/** How many cells there are of each facet, in the order of the catalogue. */
export const presentFacets = (counts: CellsFound['facets']) =>
  facets.flatMap(facet => (counts[facet] ? [{ facet, cells: counts[facet] }] : []));

/** The actor's entry at the view's moment. Rejects with a 404 if readers know of no such actor, or did not know of it then. */
export async function registered({ client }: Reading, view: StoryView, actor: string): Promise<ActorRow> {
  const [entry] = await view.actors([actor]);
  if (entry) return entry;
  if (view.asOf && (await oneActor(client, actor)))
    throw notYet(`Readers know of the actor now, but did not at position ${view.asOf.position}.`);
  throw problem('unknown-actor-id');
}
