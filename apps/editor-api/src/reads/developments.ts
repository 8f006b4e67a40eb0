import type { DeskDevelopment, DeskDevelopments, DeskStory, DeskUnclassified } from '#contract';
import { pathTo } from '#client';
import {
  isSubmitted,
  newsroomDefaults,
  noStory,
  seesUnpublished,
  storyStream,
  unclassifiedKinds,
  type DevelopmentState,
  type Person,
  type StoryState,
} from '#domain';
import { headOf } from '#event-log';
import type { Keys } from '#keys';
import { pageAfter, pageById, type ListQuery } from '../http/read.js';
import type { WriteModel } from '../commands/write-model.js';
import { shownHeader } from './header.js';
import { countKeyPoints } from './key-points.js';

/** Who reads at the desk: the person, and whether they may see what readers of the story cannot see. */
export interface Viewer {
  readonly id: string;
  readonly all: boolean;
}
export const viewerOf = (state: Pick<StoryState, 'team'>, person: Person): Viewer => ({
  id: person.id,
  all: seesUnpublished(state, person),
});

/** Makes the desk's view of a development. */
export function developmentOf(id: string, held: DevelopmentState, state: StoryState, viewer: Viewer): DeskDevelopment {
  const embargo = state.embargoes.get(id);
  const { kind, status, supersededBy = null, standing, key, conditions, links } = held;
  return {
    id,
    kind,
    status,
    supersededBy,
    standing,
    key,
    conditions: embargo && !viewer.all ? [] : [...conditions],
    links: [...links],
    embargo: embargo ?? null,
    own: held.by === viewer.id,
    submitted: isSubmitted(state, id),
  };
}

/** Makes the desk's view of a story. `keys`: see `headerKeysOf`. Undefined if the story was never opened. */
export function storyOf(
  { stories, arbitration }: WriteModel,
  id: string,
  keys: Pick<Keys, 'get'>,
): DeskStory | undefined {
  const record = stories.records.get(id);
  if (!record) return undefined;
  const { state, developments, last, readable } = record;
  const { status, header, pinned = null, defaults = newsroomDefaults, review = 'post' } = state;
  if (status === 'none' || !header) return undefined;
  const { id: head, seq } = headOf(arbitration, storyStream(id));
  return {
    id,
    ...shownHeader(id, header, keys),
    status,
    pinned,
    defaults,
    review,
    developments,
    keyPoints: countKeyPoints(state.keyPoints ? stories.get(id, noStory) : noStory),
    head,
    seq,
    position: last,
    readable,
  };
}

/** Makes a page of a story's developments. Undefined if the story was never opened. */
export function developmentsOf(
  model: WriteModel,
  id: string,
  query: ListQuery,
  person: Person,
  keys: Pick<Keys, 'get'>,
): DeskDevelopments | undefined {
  const story = storyOf(model, id, keys);
  if (!story) return undefined;
  const state = model.stories.get(id, noStory);
  const { developments, settled } = state;
  const viewer = viewerOf(state, person);
  const path = pathTo('stories', id, 'developments');
  const one = (each: string) => developmentOf(each, developments.get(each)!, state, viewer);
  const page = pageById(developments.keys(), one, query, 'developments', path);
  return {
    position: model.arbitration.position,
    story,
    developments: page.items,
    next: page.next,
    settled: settled.toObject(),
  };
}

/** How many developments of a story one answer looks through. */
export const lookedThrough = 2_000;

/**
 * Makes a page of a story's plain updates that nobody has classified yet, newest first. It may be empty and still have a next page.
 * Undefined if the story was never opened.
 */
export function unclassifiedOf(
  model: WriteModel,
  id: string,
  { limit, cursor }: ListQuery,
  person: Person,
): DeskUnclassified | undefined {
  if (!model.stories.has(id)) return undefined;
  const state = model.stories.get(id, noStory);
  const { developments } = state;
  const viewer = viewerOf(state, person);
  const ids = [...developments.keys()].reverse();
  const found: DeskDevelopment[] = [];
  let at = cursor ? ids.indexOf(cursor[1]) + 1 : 0;
  const end = Math.min(ids.length, at + lookedThrough);
  for (; at < end && found.length < limit; at++) {
    const held = developments.get(ids[at]!)!;
    if (held.status === 'active' && unclassifiedKinds.includes(held.kind))
      found.push(developmentOf(ids[at]!, held, state, viewer));
  }
  const path = pathTo('stories', id, 'unclassified');
  const next = at < ids.length ? pageAfter(ids[at - 1]!, limit, 'unclassified', path) : null;
  return { position: model.arbitration.position, developments: found, next };
}
