import { mayEnter, notAllowedIn, notInTeam, type Does, type Person, type StoryState } from '#domain';
import { KeyStoreError } from '#keys';
import {
  Allow,
  AuthGuard,
  cursorParameter,
  cursorsOf,
  limitUpTo,
  nextOf,
  Problem,
  roles,
  type Principal,
} from '#platform';
import { applyDecorators, Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { CommandProcessor } from '../commands/processor.js';
import type { WriteModel } from '../commands/write-model.js';
import { codesOf, refused } from './answer.js';
import { problem } from './route.js';

/** Maximum number of items on a page of one of the desk's lists. */
export const deskPage = 500;

const lists = ['stories', 'developments', 'actors', 'unclassified'] as const;
const cursors = cursorsOf(z.tuple([z.enum(lists), z.string().max(200)]));

/** The query parameters of a desk list. Lists are sorted by id. */
export const ListQuery = z.strictObject({
  limit: limitUpTo(deskPage, deskPage),
  cursor: cursorParameter(cursors.read),
});
export type ListQuery = z.infer<typeof ListQuery>;

/** The schema of the answer's member that leads to the next page. */
export const next = nextOf('items');

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Ids after this one, in order; at most `limit`. */
type Listed = (after: string, limit: number) => string[];

/** Selects the requested page by ids, builds only its items, and says where the next page is. */
export function pageById<Item extends { readonly id: string }>(
  all: Iterable<string> | Listed,
  item: (id: string) => Item | undefined,
  { limit, cursor }: ListQuery,
  list: (typeof lists)[number],
  path: string,
): { readonly items: Item[]; readonly next: string | null } {
  const after = cursor?.[1];
  const due =
    typeof all === 'function'
      ? all(after ?? '', limit + 1)
      : [...all].filter(id => after === undefined || id > after).sort();
  const items = due.slice(0, limit).flatMap(id => item(id) ?? []);
  const last = due.length > limit ? due[limit - 1] : undefined;
  if (last === undefined) return { items: items.sort(byId), next: null };
  return { items, next: pageAfter(last, limit, list, path) };
}

/** The address of the page of a list that begins after this id. */
export const pageAfter = (id: string, limit: number, list: (typeof lists)[number], path: string): string =>
  `${path}?${new URLSearchParams({ limit: String(limit), cursor: cursors.write([list, id]) })}`;

/** Decorates a controller of desk reads. Every role of the newsroom may use it, and no other client. */
export const DeskReads = (path: string) =>
  applyDecorators(
    Controller(path),
    UseGuards(AuthGuard),
    Allow([...roles]),
    ApiTags('desk'),
    ApiBearerAuth(),
    problem(401, 'The token is missing or invalid.'),
    problem(403, 'The token’s roles do not allow this.'),
  );

const headers = { ETag: { description: 'A story’s head, for If-Match.', schema: { type: 'string' as const } } };

/** Decorates a route of desk reads with its OpenAPI description. */
export const DeskRead = (path: string, summary: string, schema: z.ZodType) =>
  applyDecorators(
    Get(path),
    Header('Cache-Control', 'no-store'),
    ApiOperation({ summary }),
    ApiOkResponse({ headers, standardSchema: schema }),
    problem(404, 'The resource in the path does not exist.', codesOf(404)),
    problem(422, 'A parameter has an invalid value.'),
    problem(503, 'The log is unavailable, so the outcome is unknown; retry.'),
  );

/** Who the principal is where rights in a story are asked for. */
export const personIn = ({ id, roles, machine }: Pick<Principal, 'id' | 'roles' | 'machine'>): Person => ({
  id,
  roles,
  maker: machine?.maker,
});

/** The problem for a story id that was never opened. */
export const unknownStory = () => new Problem(404, 'unknown-story', 'No story has this id. Open it first.');

/** The state of a story for a person who may read it at the desk. Throws a problem for anybody else, and for an unknown story. */
export function entered({ stories }: WriteModel, story: string, person: Person): StoryState {
  const state = stories.get(story);
  if (!state) throw unknownStory();
  if (state.team && !mayEnter(state, person)) throw refused(notInTeam(state.team));
  return state;
}

/** Refuses what the person may not do in a story that they may read. */
export function allowedIn(state: StoryState, does: Does, person: Person): void {
  const refusal = notAllowedIn(state, does, person);
  if (refusal) throw refused(refusal);
}

/**
 * Resolves to the write model with every record that the log held at the request. Throws a problem with status 503 if that takes too long.
 */
export async function caughtUp(processor: CommandProcessor): Promise<WriteModel> {
  if (await processor.caughtUp(processor.settleTimeoutMs)) return processor.view();
  throw new Problem(503, 'log-unavailable', 'The log does not answer; try again.');
}

/** Turns a failure of the key store into a problem, and throws any other error unchanged. */
export function noKeys(error: unknown): never {
  if (!(error instanceof KeyStoreError)) throw error;
  throw new Problem(503, 'keys-unavailable', error.message);
}
