import { type Commit, type OpenCommit, storyOf, storyStream } from '#domain';
import { openAll, type KeyStore } from '#keys';
import { escapeIdentifier, type Client } from '#postgres';
import { commits as commitProjection } from '../folds/commits/projection.js';
import { nextCommitsOfStory } from '../folds/commits/queries.js';
import { foldCommits } from './fold-commits.js';
import { tablesOf, type Projection } from '../folds/fold.js';

/** A development that is to be taken down, and the commit that says so. */
export interface Shred {
  readonly stream: string;
  readonly seq: number;
  readonly position: number;
  readonly development: string;
}

export const shredsOf = (commits: readonly Pick<Commit, 'stream' | 'seq' | 'position' | 'events'>[]): Shred[] =>
  commits.flatMap(({ stream, seq, position, events }) =>
    events.flatMap(({ type, data }) =>
      type === 'ContentShredded' && storyOf({ stream })
        ? [{ stream, seq, position, development: data.development }]
        : [],
    ),
  );

export interface Shredding {
  readonly commits: readonly OpenCommit[];
  readonly shreds: readonly Shred[];
  /** Developments of which no row of the build was ever told anything. */
  readonly untold: ReadonlySet<string>;
}

/**
 * Folds commits, in order, and takes down what they say is to be: its key goes first, for good, and then its story is folded
 * again from its first commit as if nobody had ever had that key. So a process that is killed anywhere leaves rows that the
 * next one puts right. Gives the streams of which readers had passed rows that are others now. In the transaction that moved the
 * checkpoint.
 */
export async function foldShredding(
  client: Client,
  keys: Pick<KeyStore, 'keysOf' | 'destroy'>,
  projections: readonly Projection[],
  { commits, shreds, untold }: Shredding,
): Promise<ReadonlySet<string>> {
  if (shreds.length > 0) await keys.destroy(shreds.map(({ development }) => development));
  const anew = new Set(shreds.filter(({ development }) => !untold.has(development)).map(({ stream }) => stream));
  await foldCommits(
    client,
    projections,
    commits.filter(({ stream }) => !anew.has(stream)),
  );
  for (const stream of anew) {
    const fresh = commits.filter(commit => commit.stream === stream);
    await foldAnew(client, keys, projections, stream, fresh);
  }
  const seen = shreds.filter(({ stream }) => anew.has(stream));
  return new Set((await withoutWithheld(client, seen)).map(({ stream }) => stream));
}

/** Nobody had read what was under embargo, and nobody is to learn that it is gone. */
async function withoutWithheld(client: Client, shreds: readonly Shred[]): Promise<Shred[]> {
  const { rows } = await client.query<Pick<Shred, 'stream' | 'development'>>(
    `select $2 || story as stream, development from withheld where development = any($1)`,
    [shreds.map(({ development }) => development), storyStream('')],
  );
  const withheld = new Set(rows.map(({ stream, development }) => `${development} ${stream}`));
  return shreds.filter(({ stream, development }) => !withheld.has(`${development} ${stream}`));
}

const atOnce = 500;

async function foldAnew(
  client: Client,
  keys: Pick<KeyStore, 'keysOf'>,
  projections: readonly Projection[],
  stream: string,
  fresh: readonly OpenCommit[],
): Promise<void> {
  const story = storyOf({ stream })!;
  for (const [table, { story: column }] of Object.entries(tablesOf(projections)))
    if (column)
      await client.query(`delete from ${escapeIdentifier(table)} where ${escapeIdentifier(column)} = $1`, [story]);
  // What is kept of commits is sealed: it is what the rest is folded from, and stays.
  const others = projections.filter(({ name }) => name !== commitProjection.name);
  for (let after = 0; ;) {
    const kept = await nextCommitsOfStory(client, story, after, atOnce);
    await foldCommits(client, others, await openAll(keys, kept));
    if (kept.length < atOnce) break;
    after = kept.at(-1)!.position;
  }
  const sealed = fresh.map(({ sealed: events, ...commit }) => ({ ...commit, events }));
  await foldCommits(client, projections, await openAll(keys, sealed));
}
