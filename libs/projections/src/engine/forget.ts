import type { OpenCommit } from '#domain';
import { openAll, type KeyStore } from '#keys';
import { escapeIdentifier, type Client } from '#postgres';
import { versionsOf } from '../builds/past.js';
import { commits as commitProjection } from '../folds/commits/projection.js';
import { commitsAt } from '../folds/commits/queries.js';
import { type Held, type Key, type Projection, type Row, tablesOf, type Touch } from '../folds/fold.js';
import { forgetInStory } from '../folds/stories/queries.js';
import { shownCommits } from '../folds/shown-commits/projection.js';
import { keyPoints } from '../folds/key-points/projection.js';
import { stories } from '../folds/stories/projection.js';
import { timeline } from '../folds/timeline/projection.js';
import { forgottenFactsOf } from '../folds/timeline/queries.js';
import { visibleToReaders } from '../folds/withheld/embargo-filter.js';
import { withheld } from '../folds/withheld/projection.js';
import { Workspace } from '../folds/workspace.js';
import { loadRows, writeRows } from './rows.js';

/** Whether these projections suffice for `forgetDevelopments`: a part of a rebuild may lack some. */
export const canForget = (projections: readonly Projection[]): boolean =>
  [withheld, timeline, stories, shownCommits, keyPoints].every(({ name }) =>
    projections.some(each => each.name === name),
  );

/**
 * Changes the rows of a story, current and former, to what they were if the keys of these developments had never existed. Rows of a
 * development depend only on the commits that name it, and those are found by its own rows: they are folded again, on the other rows as
 * they were before each of these commits. Of the story's own rows, its counts and the texts of its conditions are changed by what the
 * developments added to them. Needs time in proportion to the commits of the developments and of the conditions that they name.
 */
export async function forgetDevelopments(
  client: Client,
  keys: Pick<KeyStore, 'keysOf'>,
  projections: readonly Projection[],
  story: string,
  developments: readonly string[],
): Promise<void> {
  const tables = tablesOf(projections);
  const own = Object.keys(tables).filter(table => tables[table]!.key[1] === 'development');
  const positions = await positionsOf(client, own, story, developments);
  if (positions.length === 0) return;
  const forgotten = await forgottenFactsOf(client, story, developments);
  const commits = await openAll(keys, await commitsAt(client, positions));
  for (const table of own)
    await client.query(
      `delete from ${escapeIdentifier(versionsOf(table))} where story = $1 and development = any($2)`,
      [story, developments],
    );
  const others = [commitProjection.name, stories.name, keyPoints.name];
  const folded = projections.filter(({ name }) => !others.includes(name));
  await foldOwn(client, folded, commits, { story, developments: new Set(developments) });
  await forgetInStory(client, story, forgotten);
}

/** Where a row of the developments began or ended: the positions of all commits on which their rows depend. */
async function positionsOf(
  client: Client,
  tables: readonly string[],
  story: string,
  developments: readonly string[],
): Promise<number[]> {
  const ends = tables.map(
    table => `select unnest(array[valid_from, valid_to]) as position from ${escapeIdentifier(versionsOf(table))}
      where story = $1 and development = any($2)`,
  );
  const { rows } = await client.query<{ position: number }>(
    `select distinct position from (${ends.join(' union all ')}) ends
     where exists (select from commit where commit.position = ends.position) order by position`,
    [story, developments],
  );
  return rows.map(({ position }) => position);
}

interface Own {
  readonly story: string;
  readonly developments: ReadonlySet<string>;
}

async function foldOwn(
  client: Client,
  projections: readonly Projection[],
  commits: readonly OpenCommit[],
  own: Own,
): Promise<void> {
  const held = new Map<string, HeldBefore>();
  for (const projection of projections)
    held.set(projection.name, await HeldBefore.load(client, projection, commits, own));
  for (const commit of commits) {
    for (const each of held.values()) each.position = commit.position;
    const shown = visibleToReaders(held.get(withheld.name)!, commit);
    for (const { name, fold } of projections) {
      const before = held.get(name)!;
      for (const change of fold(before, shown)) before.change(change);
    }
  }
  for (const { name, tables } of projections) await writeRows(client, tables, held.get(name)!.written());
}

type Versioned = Row & { readonly valid_from: number; readonly valid_to: number };

/** The rows before a commit: those of the forgotten developments as folded so far, all others as they were stored. */
class HeldBefore implements Held {
  position = 0;

  private constructor(
    private readonly tables: Projection['tables'],
    private readonly own: Own,
    private readonly workspace: Workspace,
    private readonly others: Readonly<Record<string, readonly Versioned[]>>,
  ) {}

  static async load(
    client: Client,
    { tables, touches }: Projection,
    commits: readonly OpenCommit[],
    own: Own,
  ): Promise<HeldBefore> {
    const workspace = new Workspace(tables);
    const others: Record<string, readonly Versioned[]> = {};
    const touched = Object.groupBy(commits.flatMap(touches), ({ table }) => table);
    for (const [table, all = []] of Object.entries(touched)) {
      workspace.load(
        all.filter(({ values }) => isOwn(own, values)),
        {},
      );
      const { by } = tables[table]!;
      const rest: Touch[] = all.filter(({ values }) => !isOwn(own, values));
      others[table] =
        rest.length === 0 ? [] : ((await loadRows(client, versionsOf(table), { by }, rest)) as Versioned[]);
    }
    return new HeldBefore(tables, own, workspace, others);
  }

  get<R extends Row>(table: string, key: Key): R | undefined {
    if (isOwn(this.own, key)) return this.workspace.get(table, key);
    return this.stored<R>(table, this.tables[table]!.key, key)[0];
  }

  where<R extends Row>(table: string, values: Key): R[] {
    if (isOwn(this.own, values)) return this.workspace.where(table, values);
    return this.stored(table, this.tables[table]!.by, values);
  }

  /** Folding these commits again must not change the rows of other developments. */
  change(change: Parameters<Workspace['change']>[0]): void {
    const { key, past } = this.tables[change.table]!;
    const values = 'put' in change ? key.map(column => change.put[column] as string) : change.drop;
    if (past === 'once' || isOwn(this.own, values)) this.workspace.change(change, this.position);
  }

  written = () => this.workspace.written();

  private stored<R extends Row>(table: string, columns: readonly string[], values: Key): R[] {
    return (this.others[table] ?? [])
      .filter(row => row.valid_from < this.position && row.valid_to >= this.position)
      .filter(row => columns.every((column, i) => row[column] === values[i]))
      .map(({ valid_from: _from, valid_to: _to, ...row }) => row as unknown as R);
  }
}

const isOwn = ({ story, developments }: Own, [first, second]: Key) =>
  first === story && developments.has(String(second));
