import type { Change, Held, Key, Projection, Row, Table, Touch } from './fold.js';

const idOf = (key: Key) => JSON.stringify(key);
const groupId = (table: string, values: Key) => `${table} ${idOf(values)}`;
const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
const keyOf = (columns: readonly string[], row: Row): Key => columns.map(column => row[column] as string | number);

/** A row, and the position of the commit that wrote it. */
export interface Version {
  readonly row: Row;
  readonly from: number;
}

/** A row that another one replaced, or that was dropped, at the position `to`. */
export interface FormerVersion extends Version {
  readonly to: number;
}

/** The changes of a batch to one table. */
export interface Written {
  readonly table: string;
  readonly puts: readonly Version[];
  /** The keys of stored rows to delete. */
  readonly drops: readonly Key[];
  /** The keys of changed rows that are stored, or may be, and the position at which the stored row ceased to be current. */
  readonly ends: readonly { readonly key: Key; readonly to: number }[];
  /** Rows that the batch both wrote and replaced. Of one commit's changes only the last counts, so batches do not matter. */
  readonly former: readonly FormerVersion[];
}

interface Changed {
  readonly key: Key;
  readonly first: number;
  last: number;
  /** Whether a row may be stored: it was loaded, or nobody asked for it. */
  readonly stored: boolean;
  readonly former: FormerVersion[];
}

/** The rows of a batch while it is folded: as loaded, with the changes so far. */
export class Workspace implements Held {
  private readonly rows = new Map<string, Map<string, Map<string, Row>>>();
  private readonly changed = new Map<string, Map<string, Changed>>();
  private readonly asked = new Set<string>();
  private readonly tables: Projection['tables'];

  constructor(tables: Projection['tables']) {
    this.tables = tables;
  }

  /** Adds the stored rows for `touches`; there may be none. */
  load(touches: readonly Touch[], rows: Readonly<Record<string, readonly Row[]>>): void {
    for (const { table, values } of touches) {
      this.group(table, values);
      this.asked.add(groupId(table, values));
    }
    for (const [table, loaded] of Object.entries(rows))
      for (const row of loaded) this.group(table, keyOf(this.table(table).by, row)).set(this.rowId(table, row), row);
  }

  get<R extends Row>(table: string, key: Key): R | undefined {
    return this.loaded(table, key.slice(0, this.table(table).by.length)).get(idOf(key)) as R | undefined;
  }

  where<R extends Row>(table: string, values: Key): R[] {
    const { key } = this.table(table);
    const order = (a: Row, b: Row) =>
      keyOf(key, a).reduce<number>((sign, part, i) => sign || compare(part, keyOf(key, b)[i]!), 0);
    return ([...this.loaded(table, values).values()] as R[]).sort(order);
  }

  /** Applies a change that the commit at this position makes. */
  change(change: Change, position: number): void {
    const { table } = change;
    const { key: columns, by, past } = this.table(table);
    const key = 'put' in change ? keyOf(columns, change.put) : change.drop;
    const values = key.slice(0, by.length);
    const group = this.group(table, values);
    const row = group.get(idOf(key));
    const changed = this.changeOf(table, key, position, row !== undefined || !this.asked.has(groupId(table, values)));
    if (past === 'versions' && changed.last < position && row)
      changed.former.push({ row, from: changed.last, to: position });
    changed.last = position;
    if ('put' in change) group.set(idOf(key), change.put);
    else group.delete(idOf(key));
  }

  private changeOf(table: string, key: Key, position: number, stored: boolean): Changed {
    if (!this.changed.has(table)) this.changed.set(table, new Map());
    const all = this.changed.get(table)!;
    const changed = all.get(idOf(key)) ?? { key, first: position, last: position, stored, former: [] };
    all.set(idOf(key), changed);
    return changed;
  }

  written(): Written[] {
    return [...this.changed].map(([table, changed]) => {
      const { by } = this.table(table);
      const all = [...changed.values()].map(change => ({
        ...change,
        row: this.group(table, change.key.slice(0, by.length)).get(idOf(change.key)),
      }));
      const stored = all.filter(change => change.stored);
      return {
        table,
        puts: all.flatMap(({ row, last: from }) => (row ? [{ row, from }] : [])),
        drops: stored.filter(({ row }) => !row).map(({ key }) => key),
        ends: stored.map(({ key, first: to }) => ({ key, to })),
        former: all.flatMap(({ former }) => former),
      };
    });
  }

  private table(name: string): Table {
    const table = this.tables[name];
    if (!table) throw new TypeError(`The projection declares no table ${name}.`);
    return table;
  }

  private rowId(table: string, row: Row): string {
    return idOf(keyOf(this.table(table).key, row));
  }

  private loaded(table: string, values: Key): Map<string, Row> {
    const group = this.rows.get(table)?.get(idOf(values));
    if (!group) throw new TypeError(`touches() did not ask for ${table} ${idOf(values)}.`);
    return group;
  }

  private group(table: string, values: Key): Map<string, Row> {
    if (!this.rows.has(table)) this.rows.set(table, new Map());
    const groups = this.rows.get(table)!;
    const group = groups.get(idOf(values)) ?? new Map<string, Row>();
    groups.set(idOf(values), group);
    return group;
  }
}
