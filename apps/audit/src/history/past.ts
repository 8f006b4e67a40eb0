import type { OpenCommit } from '#domain';
import { openAll } from '#keys';
import type { Client } from '#postgres';
import {
  commitsOfRegistry,
  commitsOfStory,
  knownAt,
  lastVisibility,
  reading,
  visibilityOf,
  visibleAt,
  type Stores,
} from '#projections';
import { entriesAnswer, entryLines, type HistoryAnswer } from './answer.js';
import { entriesOf, type Entry } from './entries.js';
import type { Moment } from './moments.js';

/** Maximum number of commits of a story, and of the registry, that one question reads. */
const mostCommits = 250_000;

/** A story's past up to the live build's position, with the registry's. */
export interface Past {
  readonly client: Client;
  readonly position: number;
  readonly story: readonly OpenCommit[];
  readonly registry: readonly OpenCommit[];
  readonly entries: readonly Entry[];
}

/** Reads a past in one snapshot. Rejects if no commit of the story can be read. */
export const pastOf = <T>(stores: Stores, story: string, run: (past: Past) => Promise<T> | T): Promise<T> =>
  reading(stores, async ({ client, position }) => {
    const { keys } = stores;
    const sealed = few(await commitsOfStory(client, story, position, mostCommits + 1), `The story ${story}`);
    if (sealed.length === 0) throw new Error(`No story has the id ${story}.`);
    const actors = few(await commitsOfRegistry(client, position, mostCommits + 1), 'The registry of actors');
    const [commits, registry] = [await openAll(keys, sealed), await openAll(keys, actors)];
    const visibilityLog = await visibilityOf(client, commits[0]!.position, position);
    return run({ client, position, story: commits, registry, entries: entriesOf(commits, visibilityLog) });
  });

function few<T>(commits: T[], what: string): T[] {
  if (commits.length <= mostCommits) return commits;
  throw new Error(`${what} has more than ${mostCommits} commits, the limit of this command.`);
}

/** The last position that was recorded at a moment. */
export async function known({ client, position }: Past, moment: Moment): Promise<number> {
  if ('instant' in moment) return Math.min(await knownAt(client, moment.instant), position);
  if (moment.position <= position) return moment.position;
  throw new Error(`The log ends at position ${position}, before ${moment.position}. Give an earlier position.`);
}

/** The last position that readers could see at an instant. Rejects if the visibility log is empty. */
export async function seen({ client }: Past, instant: string): Promise<number> {
  if (!(await lastVisibility(client))) throw new Error('This log has no record of when readers could see its commits.');
  return visibleAt(client, instant);
}

/** The changes of a story after one moment and up to another, with their authors and reasons. */
export function diff(
  stores: Stores,
  story: string,
  between: { readonly from: Moment; readonly to: Moment },
): Promise<HistoryAnswer> {
  return pastOf(stores, story, async past => {
    const [from, to] = [await known(past, between.from), await known(past, between.to)];
    if (from > to) throw new Error(`--from (position ${from}) is later than --to (position ${to}). Swap them.`);
    const entries = past.entries.filter(({ position }) => position > from && position <= to);
    const none = `${story} did not change after position ${from} up to position ${to}.`;
    return { json: { story, from, to, ...entriesAnswer(entries) }, lines: entryLines(entries, none) };
  });
}
