import { Map as Dictionary } from 'immutable';
import { Layered, type Ground, type Table } from './layered.js';

/** An immutable dictionary that is in memory as a whole, and written to the state file as the others are. For few entries. */
export class Resident<Value> {
  private constructor(
    readonly entries: Dictionary<string, Value>,
    readonly kept: Layered<Value>,
  ) {}

  /** Reads the whole table. */
  static of<Value>(table: Table<Value>, ground?: Ground): Resident<Value> {
    const kept = Layered.of(table, ground);
    return new Resident(Dictionary(kept.unchanged()), kept);
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Value | undefined {
    return this.entries.get(key);
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  set(key: string, value: Value): Resident<Value> {
    return new Resident(this.entries.set(key, value), this.kept.set(key, value));
  }

  delete(key: string): Resident<Value> {
    return this.has(key) ? new Resident(this.entries.delete(key), this.kept.delete(key)) : this;
  }

  /** The same entries, written in another way. */
  as(kept: Layered<Value>): Resident<Value> {
    return kept === this.kept ? this : new Resident(this.entries, kept);
  }
}
