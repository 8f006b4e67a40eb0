import type { Change, Held, Key, Projection, Row, Table, Touch } from './fold.js';

const idOf = (key: Key) => JSON.stringify(key);
const compare = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
const keyOf = (columns: readonly string[], row: Row): Key => columns.map(column => row[column] as string | number);

/** The changes of a batch to one table; no key is in both lists. */
export interface Written {
  readonly table: string;
  readonly puts: readonly Row[];
  readonly drops: readonly Key[];
}

/** The rows of a batch while it is folded: as loaded, with the changes so far. */
export class Workspace implements Held {
  private readonly rows = new Map<string, Map<string, Map<string, Row>>>();
  private readonly changed = new Map<string, Map<string, Key>>();
  private readonly tables: Projection['tables'];

  constructor(tables: Projection['tables']) {
    this.tables = tables;
  }

  /** Adds the stored rows for `touches`; there may be none. */
  load(touches: readonly Touch[], rows: Readonly<Record<string, readonly Row[]>>): void {
    for (const { table, values } of touches) this.group(table, values);
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

  change(change: Change): void {
    const { table } = change;
    const { key: columns, by } = this.table(table);
    const key = 'put' in change ? keyOf(columns, change.put) : change.drop;
    const group = this.group(table, key.slice(0, by.length));
    if ('put' in change) group.set(idOf(key), change.put);
    else group.delete(idOf(key));
    if (!this.changed.has(table)) this.changed.set(table, new Map());
    this.changed.get(table)!.set(idOf(key), key);
  }

  written(): Written[] {
    return [...this.changed].map(([table, keys]) => {
      const { by } = this.table(table);
      const now = [...keys.values()].map(key => ({
        key,
        row: this.group(table, key.slice(0, by.length)).get(idOf(key)),
      }));
      return {
        table,
        puts: now.flatMap(({ row }) => (row ? [row] : [])),
        drops: now.filter(({ row }) => !row).map(({ key }) => key),
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
