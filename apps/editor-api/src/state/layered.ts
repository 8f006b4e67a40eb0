import { Map as Dictionary } from 'immutable';
import { StateError } from './rows.js';
import { type Change, type StateFile } from './state-file.js';

/** A table of the state file: its name, and how its values are stored. */
export interface Table<Value> {
  readonly name: string;
  /** JSON of the value. */
  readonly write: (value: Value) => string;
  readonly read: (json: string) => Value;
  /** Whether memory holds changes as JSON. It takes less memory, and less time to collect garbage, where many wait and few are read. */
  readonly heldAsJson?: boolean;
}

/** A file under the dictionaries, and how many of their generations it holds. */
export interface Ground {
  readonly file: StateFile;
  /** Dictionaries of this generation or an older one no longer agree with the file. */
  flushed: number;
  /** Called when a read finds that the file is damaged. The read then throws. */
  damaged(error: StateError): void;
}

/** The model is older than the file, so it can no longer be read. Decide on the present model instead. */
export class OldModel extends Error {}

/** Whether the state that was being read is no longer kept. The same request, sent again, reads the present one. */
export const isStateGone = (error: unknown): boolean => error instanceof OldModel || error instanceof StateError;

const gone = Symbol('a key that was removed');
/** A changed value, as JSON if its table says so, or the mark of a removed key. */
type Held = unknown;
type Layer = Dictionary<string, Held> | Map<string, Held>;

/**
 * An immutable dictionary in layers: recent changes in memory over a file. Memory holds the changes of two generations: the newer one
 * grows, the older one waits to be written. A change returns another dictionary; earlier ones keep their contents until the file takes in
 * a generation that is newer than theirs. Then they throw `OldModel`.
 */
export class Layered<Value> {
  private constructor(
    private readonly table: Table<Value>,
    private readonly ground: Ground | undefined,
    private readonly generation: number,
    private readonly newer: Layer,
    private readonly older: Layer | undefined,
  ) {}

  /** The dictionary as the file holds it; empty without a file. */
  static of<Value>(table: Table<Value>, ground?: Ground): Layered<Value> {
    return new Layered(table, ground, (ground?.flushed ?? 0) + 1, Dictionary(), undefined);
  }

  get(key: string): Value | undefined {
    const held = this.newer.get(key) ?? this.older?.get(key);
    if (held !== undefined) return held === gone ? undefined : this.#valueOf(held);
    const json = this.#read(file => file.get(this.table.name, key));
    return json === undefined ? undefined : this.table.read(json);
  }

  has(key: string): boolean {
    const held = this.newer.get(key) ?? this.older?.get(key);
    return held === undefined ? (this.#read(file => file.has(this.table.name, key)) ?? false) : held !== gone;
  }

  set(key: string, value: Value): Layered<Value> {
    return this.#set(key, this.table.heldAsJson ? this.table.write(value) : value);
  }

  delete(key: string): Layered<Value> {
    return this.#set(key, gone);
  }

  /** The same dictionary in the next generation, with changes that are not to be written yet. It has no older ones. */
  carriedOver(): Layered<Value> {
    return new Layered(this.table, this.ground, this.generation + 1, this.newer, undefined);
  }

  #valueOf(held: Held): Value {
    return this.table.heldAsJson ? this.table.read(held as string) : (held as Value);
  }

  #set(key: string, value: Held): Layered<Value> {
    const wasWritten = () => this.older?.has(key) || this.#read(file => file.has(this.table.name, key));
    if (value === gone && this.newer instanceof Map && !wasWritten()) {
      this.newer.delete(key);
      return this;
    }
    return this.#with(this.newer.set(key, value));
  }

  /** The keys after this one, in order, at most `limit`. For tables that the file lists. */
  keysAfter(after: string, limit: number): string[] {
    const changed = [...this.newer.keys(), ...(this.older?.keys() ?? [])].filter(key => key > after);
    // A changed key may have been removed although the file still lists it.
    const listed = this.#read(file => file.keysAfter(this.table.name, after, limit + changed.length)) ?? [];
    const keys = [...new Set([...listed, ...changed])].sort();
    return keys.filter(key => this.has(key)).slice(0, limit);
  }

  /** Every entry of a dictionary that was not changed since it was read from its file. */
  *unchanged(): Generator<readonly [key: string, value: Value]> {
    for (const [key, json] of this.ground?.file.all(this.table.name) ?? []) yield [key, this.table.read(json)];
  }

  /** How many changes memory holds. */
  get changes(): number {
    return this.newer.size + (this.older?.size ?? 0);
  }

  /** The same dictionary, whose further changes are made in place; undone by `fixed`. For many changes at once. */
  thawed(): Layered<Value> {
    return this.newer instanceof Map ? this : this.#with(new Map(this.newer));
  }

  fixed(): Layered<Value> {
    return this.newer instanceof Map ? this.#with(Dictionary(this.newer)) : this;
  }

  /** Begins a generation: the changes so far become the older ones, which wait to be written. */
  nextGeneration(): Layered<Value> {
    return new Layered(this.table, this.ground, this.generation + 1, Dictionary(), this.newer);
  }

  /** The older changes, which must be written before they can be forgotten. */
  *toWrite(): Generator<Change> {
    const { name: table, write, heldAsJson } = this.table;
    const json = (held: Held) => (heldAsJson ? (held as string) : write(held as Value));
    for (const [key, held] of this.older ?? []) yield { table, key, value: held === gone ? undefined : json(held) };
  }

  /** The dictionary after the file took in the older changes. */
  written(): Layered<Value> {
    return new Layered(this.table, this.ground, this.generation, this.newer, undefined);
  }

  #with(newer: Layer): Layered<Value> {
    return newer === this.newer ? this : new Layered(this.table, this.ground, this.generation, newer, this.older);
  }

  #read<Read>(read: (file: StateFile) => Read): Read | undefined {
    const { ground } = this;
    if (!ground) return undefined;
    if (this.generation <= ground.flushed)
      throw new OldModel('The model is older than the state on disk. Decide on the present model.');
    try {
      return read(ground.file);
    } catch (error) {
      if (error instanceof StateError) ground.damaged(error);
      throw error;
    }
  }
}
