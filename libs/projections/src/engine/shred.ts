import { actorOf, keyIdOf, storyOf, storyStream, type Commit, type OpenCommit } from '#domain';
import { openAll, type KeyStore } from '#keys';
import { allOf, escapeIdentifier, type Client } from '#postgres';
import { storedIn } from '../builds/past.js';
import { actors } from '../folds/actors/projection.js';
import { commits as commitProjection } from '../folds/commits/projection.js';
import { nextCommitsOfStory } from '../folds/commits/queries.js';
import { foldAll } from '../folds/fold-all.js';
import { tablesOf, type Projection } from '../folds/fold.js';
import { Workspace } from '../folds/workspace.js';
import { forgetTexts } from '../folds/stories/queries.js';
import { forgetActor, storiesNaming } from './forget-actor.js';
import { canForget, forgetDevelopments } from './forget.js';
import { loadRows, writeRows } from './rows.js';

/** Sends statements, all of them at once, and resolves when they have been run. */
type Writes = () => Promise<unknown>;

/** Folds commits, in order, into the rows of every projection. Resolves to what writes the rows. */
export async function foldedCommits(
  client: Client,
  projections: readonly Projection[],
  commits: readonly OpenCommit[],
): Promise<Writes> {
  if (commits.length === 0) return () => Promise.resolve();
  const loaded = await allOf(...projections.map(projection => loadWorkspace(client, projection, commits)));
  const workspaces = new Map(projections.map(({ name }, at) => [name, loaded[at]!]));
  foldAll(projections, workspaces, commits);
  return () =>
    allOf(...projections.map(({ name, tables }) => writeRows(client, tables, workspaces.get(name)!.written())));
}

async function foldCommits(
  client: Client,
  projections: readonly Projection[],
  commits: readonly OpenCommit[],
): Promise<void> {
  await (
    await foldedCommits(client, projections, commits)
  )();
}

async function loadWorkspace(
  client: Client,
  projection: Projection,
  commits: readonly OpenCommit[],
): Promise<Workspace> {
  const { tables } = projection;
  const workspace = new Workspace(tables);
  const touched = Object.entries(
    Object.groupBy(
      commits.flatMap(commit => projection.touches(commit)),
      touch => touch.table,
    ),
  );
  const rows = await allOf(...touched.map(([table, touches = []]) => loadRows(client, table, tables[table]!, touches)));
  for (const [at, [table, touches = []]] of touched.entries()) workspace.load(touches, { [table]: rows[at]! });
  return workspace;
}

/** A development or a text to take down, and the commit that orders it. */
export interface Shred {
  readonly stream: string;
  readonly seq: number;
  readonly position: number;
  /** The id of the development, or of the text of a story or an actor: that of the key to destroy. */
  readonly development: string;
}

/** A takedown, and whether it is of a text: a headline, a key point or an entry of the registry. */
export interface ShredOrder extends Shred {
  readonly isText: boolean;
}

/** The takedowns that these commits order. */
export const shredsOf = (commits: readonly Pick<Commit, 'stream' | 'seq' | 'position' | 'events'>[]): ShredOrder[] =>
  commits.flatMap(({ stream, seq, position, events }) =>
    events.flatMap(({ type, data }) => {
      const order = (development: string, isText: boolean) => ({ stream, seq, position, development, isText });
      if (type === 'ActorShredded') return actorOf({ stream }) ? data.texts.map(text => order(text, true)) : [];
      return (type === 'ContentShredded' || type === 'TextShredded') && storyOf({ stream })
        ? [order(keyIdOf(data), type === 'TextShredded')]
        : [];
    }),
  );

/** Commits to fold, and the takedowns among them. */
export interface ShredOptions {
  readonly commits: readonly OpenCommit[];
  readonly shreds: readonly ShredOrder[];
  /** Developments whose contents no row of the build ever held. */
  readonly neverStored: ReadonlySet<string>;
}

/**
 * Folds commits, in order, and applies their takedowns: destroys the development's key permanently, then folds the development's
 * own commits again without that key (or the whole story, if the projections are not the usual ones). If a process is killed at any point, the next one corrects the rows. Returns the streams whose rows
 * changed at positions that readers had already read. Call it in the transaction that moved the checkpoint.
 */
export async function foldShredding(
  client: Client,
  keys: Pick<KeyStore, 'keysOf' | 'destroy'>,
  projections: readonly Projection[],
  { commits, shreds, neverStored }: ShredOptions,
): Promise<ReadonlySet<string>> {
  if (shreds.length > 0) await keys.destroy(shreds.map(({ development }) => development));
  const rewritten = new Set(
    shreds
      .filter(({ stream, development }) => storyOf({ stream }) && !neverStored.has(development))
      .map(({ stream }) => stream),
  );
  for (const stream of rewritten) {
    if (canForget(projections)) {
      const story = storyOf({ stream })!;
      const gone = (isText: boolean) =>
        shreds.flatMap(shred => (shred.stream === stream && shred.isText === isText ? [shred.development] : []));
      const [developments, texts] = [gone(false), gone(true)];
      if (developments.length > 0) await forgetDevelopments(client, keys, projections, story, developments);
      if (texts.length > 0) await forgetTexts(client, story, texts);
    } else await foldAnew(client, keys, projections, stream);
  }
  await foldCommits(client, projections, await withoutKeys(keys, commits, rewritten));
  const seen = shreds.filter(({ stream }) => rewritten.has(stream));
  const naming = await forgottenActors(client, projections, shreds);
  return new Set([...(await withoutWithheld(client, seen)).map(({ stream }) => stream), ...naming]);
}

/**
 * Blanks the entries of the taken-down actors in all rows from before their takedowns. It does not depend on keys, so entries that the log
 * has in the clear are blanked too. Resolves to the streams of the stories that name them.
 */
async function forgottenActors(
  client: Client,
  projections: readonly Projection[],
  shreds: readonly Shred[],
): Promise<string[]> {
  if (!projections.some(({ name }) => name === actors.name)) return [];
  const gone = new Map(
    shreds.flatMap(({ stream, position }) => (actorOf({ stream }) ? [[actorOf({ stream })!, position]] : [])),
  );
  for (const [actor, position] of gone) await forgetActor(client, actor, position);
  return (await storiesNaming(client, [...gone.keys()])).map(storyStream);
}

/** Excludes those under embargo: readers never saw them, and must not learn that they are gone. */
async function withoutWithheld(client: Client, shreds: readonly Shred[]): Promise<Shred[]> {
  if (shreds.length === 0) return [];
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
): Promise<void> {
  const story = storyOf({ stream })!;
  const ofStories = Object.entries(tablesOf(projections)).filter(([, { story }]) => story);
  for (const { relation } of Object.values(storedIn(Object.fromEntries(ofStories))))
    await client.query(`delete from ${escapeIdentifier(relation)} where story = $1`, [story]);
  // The rows of commits stay: their payloads are sealed, and the other rows are folded from them.
  const others = projections.filter(({ name }) => name !== commitProjection.name);
  for (let after = 0; ;) {
    const kept = await nextCommitsOfStory(client, story, after, atOnce);
    await foldCommits(client, others, await openAll(keys, kept));
    if (kept.length < atOnce) break;
    after = kept.at(-1)!.position;
  }
}

/** The same commits; those of these streams are opened again, with the keys that still exist. */
async function withoutKeys(
  keys: Pick<KeyStore, 'keysOf'>,
  commits: readonly OpenCommit[],
  streams: ReadonlySet<string>,
): Promise<OpenCommit[]> {
  const fresh = commits.filter(({ stream }) => streams.has(stream));
  const opened = await openAll(
    keys,
    fresh.map(({ sealed: events, ...commit }) => ({ ...commit, events })),
  );
  const next = opened.values();
  return commits.map(commit => (streams.has(commit.stream) ? next.next().value! : commit));
}
