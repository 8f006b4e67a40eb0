import { setImmediate } from 'node:timers/promises';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { KeyIndex } from './key-index.js';
import { cut, StateError, sumOf, trusted, verified, type Meta, type Row } from './rows.js';

/** A change of one key. Undefined removes it. */
export interface Change {
  readonly table: string;
  readonly key: string;
  readonly value: string | undefined;
}

/**
 * The version of everything in the file. A file of another version is not read. A new event needs a new one too: the file names the streams
 * that its version could not read.
 */
export const stateFormat = 12;

/** How many rows may be written after the last copy of the index: a start reads them all. */
export const rowsAfterIndex = 100_000;
const pieceBytes = 1 << 20;
const rowsAtOnce = 500;
const mostRows = 2 ** 32 - 1;
const cacheKib = 8_192;

interface Written {
  readonly change: Change;
  readonly row: number;
  readonly before: number;
}

const empty: Readonly<Meta> = { checkpoint: '', last: 0, indexed: 0, later: 0, pieces: 0, counts: {} };
interface Statements {
  readonly insert: StatementSync;
  readonly remove: StatementSync;
  readonly get: StatementSync;
  readonly after: StatementSync;
  readonly keysAfter?: StatementSync;
}

/**
 * A file of keys and values, with a checkpoint that is written in the same transaction. Rows have numbers, and an index in memory leads
 * from keys to numbers. So the index alone decides whether a key exists: SQLite would not notice a changed byte in a key. Each row has a
 * checksum over its number, key and value; the copy of the index and the checkpoint have checksums too.
 */
export class StateFile {
  readonly #db: DatabaseSync;
  readonly #tables = new Map<string, Statements>();
  readonly #isTemporary: boolean;
  #index = new KeyIndex();
  #meta: Readonly<Meta> = empty;

  /**
   * Opens the file. Without a path it opens a temporary one, which no other process sees and which ends with this process. `listed`: the
   * tables whose keys can be listed in order. Throws a StateError where the file cannot be trusted or is in use.
   */
  constructor(path: string | undefined, tables: readonly string[], listed: readonly string[]) {
    this.#isTemporary = path === undefined;
    this.#db = new DatabaseSync(path ?? '');
    try {
      trusted(() => this.#open(tables, listed));
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  #open(tables: readonly string[], listed: readonly string[]): void {
    const db = this.#db;
    db.exec(`pragma locking_mode = exclusive; pragma journal_mode = truncate; pragma synchronous = off;
      pragma cache_size = -${cacheKib}; begin exclusive`);
    const { user_version: format } = db.prepare('pragma user_version').get() as { user_version: number };
    if (format !== 0 && format !== stateFormat) throw new StateError(`its format is ${format}, not ${stateFormat}`);
    db.exec(
      'create table if not exists meta (name text primary key, value blob not null, sum integer not null) strict',
    );
    for (const name of ['gone', ...tables])
      db.exec(
        `create table if not exists ${name} (id integer primary key, key text not null, value text, sum integer not null) strict`,
      );
    for (const name of listed) db.exec(`create index if not exists ${name}_key on ${name} (key)`);
    db.exec(`pragma user_version = ${stateFormat}; commit`);
    for (const name of ['gone', ...tables])
      this.#tables.set(name, {
        insert: db.prepare(`insert into ${name} (id, key, value, sum) values (?, ?, ?, ?)`),
        remove: db.prepare(`delete from ${name} where id = ?`),
        get: db.prepare(`select id, key, value, sum from ${name} where id = ?`),
        after: db.prepare(`select id, key, value, sum from ${name} where id > ? order by id`),
        ...(listed.includes(name) && {
          keysAfter: db.prepare(`select key from ${name} where key > ? order by key limit ?`),
        }),
      });
    const meta = this.#readMeta();
    if (!meta && format === 0) return;
    if (!meta?.checkpoint) throw new StateError('the first read of the log did not end');
    this.#meta = meta;
    this.#index = this.#readIndex(meta);
    this.#readLater(meta);
  }

  /** The checkpoint of the last flush; undefined in a new file. */
  get checkpoint(): string | undefined {
    return this.#meta.checkpoint || undefined;
  }

  /** How many keys it holds. */
  get size(): number {
    return this.#index.size;
  }

  has(table: string, key: string): boolean {
    return trusted(() => this.#find(table, key) !== 0);
  }

  get(table: string, key: string): string | undefined {
    return trusted(() => {
      const row = this.#find(table, key);
      return row === 0 ? undefined : this.#row(table, row).value!;
    });
  }

  /** Every entry of a small table, in the order in which they were last written. Throws a StateError where one is damaged or lost. */
  all(table: string): (readonly [key: string, value: string])[] {
    return trusted(() => {
      const rows = this.#statements(table).after.all(0) as unknown as Row[];
      const { size } = new Set(rows.map(({ id }) => id));
      const { [table]: count = 0 } = this.#meta.counts;
      if (size !== count) throw new StateError(`${table} has ${size} rows, not ${count}`);
      return rows.map(row => [row.key, verified(table, row).value!] as const);
    });
  }

  /** The keys of a listed table after this one, in order, at most `limit`. */
  keysAfter(table: string, after: string, limit: number): string[] {
    return trusted(() => {
      const rows = this.#statements(table).keysAfter!.all(after, limit) as unknown as { key: string }[];
      return rows.map(({ key }) => key);
    });
  }

  /**
   * Writes the changes and the checkpoint in one transaction, in steps that leave the event loop free between them. Reads
   * meanwhile return the old values; `done` is called at the moment when they begin to return the new ones. Rejects if the disk is full or
   * fails; then nothing has changed.
   */
  async flush(changes: Iterable<Change>, checkpoint: string, done: () => void): Promise<void> {
    try {
      const steps = this.#steps(changes, checkpoint, rowsAfterIndex, done);
      while (!steps.next().done) await setImmediate();
    } catch (error) {
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('rollback');
      throw error;
    }
  }

  /** As `flush`, in one step. `copyAfter`: after how many rows it writes a copy of the index; a start reads later rows one by one. */
  flushNow(changes: Iterable<Change>, checkpoint: string, copyAfter = rowsAfterIndex): void {
    try {
      const steps = this.#steps(changes, checkpoint, copyAfter);
      while (!steps.next().done);
    } catch (error) {
      if (this.#db.isOpen && this.#db.isTransaction) this.#db.exec('rollback');
      throw error;
    }
  }

  /** Sets how many pages of 4 KiB the file may have. For tests of a full disk. */
  limitPages(most: number): void {
    this.#db.exec(`pragma max_page_count = ${most}`);
  }

  close(): void {
    this.#db.close();
  }

  *#steps(
    changes: Iterable<Change>,
    checkpoint: string,
    copyAfter: number,
    done: () => void = () => {},
  ): Generator<undefined> {
    this.#db.exec('begin');
    const meta = { ...this.#meta, checkpoint, counts: { ...this.#meta.counts } };
    if (meta.last - meta.indexed > copyAfter && !this.#isTemporary) yield* this.#copyIndex(meta);
    const written: Written[] = [];
    for (const change of changes) {
      const before = this.#find(change.table, change.key);
      if (change.value === undefined && before === 0) continue;
      written.push({ change, row: this.#insert(change, meta), before });
      if (written.length % rowsAtOnce === 0) yield;
    }
    // No pause from here on: it removes rows that readers may use, and the index must lead to the new rows at the same moment.
    for (const { change, before } of written) {
      const { table, value } = change;
      meta.counts[table] = (meta.counts[table] ?? 0) + Number(value !== undefined) - Number(before !== 0);
      if (before === 0) continue;
      this.#statements(table).remove.run(before);
      if (before > meta.indexed) meta.later--;
    }
    this.#putMeta('meta', Buffer.from(JSON.stringify(meta)));
    this.#db.exec('commit');
    this.#enter(written);
    this.#meta = meta;
    done();
  }

  #enter(written: readonly Written[]): void {
    for (const { change, row, before } of written)
      if (change.value === undefined) this.#index.remove(change.table, change.key, before);
      else this.#index.put(change.table, change.key, row, before);
  }

  *#copyIndex(meta: Meta): Generator<undefined> {
    meta.pieces = 0;
    for (const piece of this.#index.pieces(pieceBytes)) {
      this.#putMeta(`index/${meta.pieces++}`, piece);
      yield;
    }
    this.#db.exec('delete from gone');
    [meta.indexed, meta.later] = [meta.last, 0];
  }

  /** Returns the number of the new row. A removed key has a row too, until the index is copied. */
  #insert({ table, key, value }: Change, meta: Meta): number {
    const row = ++meta.last;
    if (row > mostRows) throw new StateError('it has no numbers left for further rows');
    const [into, name] = value === undefined ? ['gone', `${table}\n${key}`] : [table, key];
    this.#statements(into).insert.run(row, name, value ?? null, sumOf(into, row, name, value ?? null));
    meta.later++;
    return row;
  }

  #putMeta(name: string, value: Uint8Array): void {
    const put =
      'insert into meta (name, value, sum) values (?, ?, ?) on conflict (name) do update set value = excluded.value, sum = excluded.sum';
    this.#db.prepare(put).run(name, value, crc32(value, crc32(name)));
  }

  #getMeta(name: string): Uint8Array | undefined {
    const found = this.#db.prepare('select value, sum from meta where name = ?').get(name);
    if (!found) return undefined;
    const { value, sum } = found as unknown as { value: Uint8Array; sum: number };
    if (crc32(value, crc32(name)) !== sum) throw new StateError(`its ${name} is damaged`);
    return value;
  }

  #readMeta(): Meta | undefined {
    const found = this.#getMeta('meta');
    return found && (JSON.parse(Buffer.from(found).toString()) as Meta);
  }

  #readIndex({ indexed, pieces }: Meta): KeyIndex {
    if (indexed === 0) return new KeyIndex();
    const read = Array.from({ length: pieces }, (_, at) => this.#getMeta(`index/${at}`) ?? new Uint8Array());
    const index = KeyIndex.from(read);
    if (!index) throw new StateError('its index is damaged');
    return index;
  }

  /** Enters the rows that were written after the copy of the index, in their order. */
  #readLater({ indexed, later }: Meta): void {
    const rows: { readonly table: string; readonly key: string; readonly row: number; readonly isGone: boolean }[] = [];
    for (const [table, { after }] of this.#tables)
      for (const found of after.iterate(indexed) as Iterable<unknown>) {
        const { id, key } = verified(table, found as Row);
        const [of = '', name = ''] = table === 'gone' ? cut(key) : [table, key];
        rows.push({ table: of, key: name, row: id, isGone: table === 'gone' });
      }
    if (rows.length !== later)
      throw new StateError(`it has ${rows.length} rows after the copy of its index, not ${later}`);
    rows.sort((a, b) => a.row - b.row);
    const newest = new Map<string, number>();
    for (const { table, key, row, isGone } of rows) {
      const name = `${table}\n${key}`;
      const before = newest.get(name) ?? this.#findIndexed(table, key, indexed);
      if (isGone) this.#index.remove(table, key, before);
      else this.#index.put(table, key, row, before);
      newest.set(name, isGone ? 0 : row);
    }
  }

  /** The row that the copy of the index has for the key. It may have been replaced since, and then nobody can compare its key. */
  #findIndexed(table: string, key: string, indexed: number): number {
    return this.#index.find(table, key, row => {
      if (row > indexed) return false;
      const found = this.#statements(table).get.get(row) as unknown as Row | undefined;
      return !found || verified(table, found).key === key;
    });
  }

  #find(table: string, key: string): number {
    return this.#index.find(table, key, row => this.#row(table, row).key === key);
  }

  #row(table: string, id: number): Row {
    const found = this.#statements(table).get.get(id) as unknown as Row | undefined;
    if (!found) throw new StateError(`row ${id} of ${table} is lost`);
    return verified(table, found);
  }

  #statements(table: string): Statements {
    return this.#tables.get(table)!;
  }
}
