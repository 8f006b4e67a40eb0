import { noStory, type Developments, type DevelopmentState, type StoryState } from '#domain';
import { Map as Dictionary } from 'immutable';
import type { Layered, Table } from '../state/layered.js';

/** A story without its developments: its state, and other data that the desk shows. */
export interface StoryRecord {
  readonly state: Omit<StoryState, 'developments'>;
  /** How many developments it has. */
  readonly developments: number;
  /** The position of its last commit, and of the last one of which readers see a part. */
  readonly last: number;
  readonly readable: number;
}

/** The ids of a story's developments are stored in entries of this many, in the order of their recording. */
const idsInEntry = 128;

const json = <Value>(name: string): Table<Value> => ({ name, write: JSON.stringify, read: JSON.parse });
/** The state of each development, by story and id. */
export const developmentTable = json<DevelopmentState>('development');
/** The ids of the developments of each story, in parts. */
export const idsTable = json<readonly string[]>('ids');
/** The state of each story, without its developments. */
export const storyTable: Table<StoryRecord> = {
  name: 'story',
  write: JSON.stringify,
  read: text => {
    const { state, ...rest } = JSON.parse(text) as StoryRecord;
    const { texts, conditions, settled, embargoes, proposals } = state;
    const dictionaries = {
      texts: Dictionary(texts as object),
      conditions: Dictionary(conditions as object),
      settled: Dictionary(settled as object),
      embargoes: Dictionary(embargoes as object),
      proposals: Dictionary(proposals as object),
    };
    return { ...rest, state: { ...state, ...dictionaries } as StoryRecord['state'] };
  },
};

const keyOf = (story: string, part: string | number) => `${story}/${part}`;

/** A story's developments, of which only those that changed are in memory. */
class StoredDevelopments implements Developments {
  constructor(
    private readonly stories: Stories,
    private readonly story: string,
    readonly size: number,
    /** The developments that this value changes and `stories` does not hold yet. */
    readonly changed: ReadonlyMap<string, DevelopmentState> = new Map(),
    readonly added: readonly string[] = [],
  ) {}

  get(id: string): DevelopmentState | undefined {
    return this.changed.get(id) ?? this.stories.developments.get(keyOf(this.story, id));
  }

  has(id: string): boolean {
    return this.changed.has(id) || this.stories.developments.has(keyOf(this.story, id));
  }

  set(id: string, state: DevelopmentState): Developments {
    const changed = new Map(this.changed).set(id, state);
    const isNew = !this.has(id);
    const added = isNew ? [...this.added, id] : this.added;
    return new StoredDevelopments(this.stories, this.story, this.size + (isNew ? 1 : 0), changed, added);
  }

  *keys(): Generator<string> {
    const stored = this.size - this.added.length;
    for (let at = 0; at < stored; at += idsInEntry)
      yield* this.stories.ids.get(keyOf(this.story, at / idsInEntry)) ?? [];
    yield* this.added;
  }
}

/** All stories. Immutable. Each development is a separate entry, so that a long story costs no more than a short one. */
export class Stories {
  constructor(
    readonly records: Layered<StoryRecord>,
    readonly developments: Layered<DevelopmentState>,
    readonly ids: Layered<readonly string[]>,
  ) {}

  has(id: string): boolean {
    return this.records.has(id);
  }

  get(id: string): StoryState | undefined;
  get(id: string, otherwise: StoryState): StoryState;
  get(id: string, otherwise?: StoryState): StoryState | undefined {
    const record = this.records.get(id);
    return record ? this.#stateOf(id, record) : otherwise;
  }

  /** The state of a story that a commit may open. */
  stateOf(id: string): StoryState {
    return this.#stateOf(id, this.records.get(id));
  }

  #stateOf(id: string, record: StoryRecord | undefined): StoryState {
    const developments = new StoredDevelopments(this, id, record?.developments ?? 0);
    return { ...(record?.state ?? noStory), developments };
  }

  /** The stories after a commit: `after` came from `stateOf`. */
  put(id: string, { developments, ...state }: StoryState, position: number, isReadable: boolean): Stories {
    const readable = isReadable ? position : (this.records.get(id)?.readable ?? 0);
    const records = this.records.set(id, { state, developments: developments.size, last: position, readable });
    if (!(developments instanceof StoredDevelopments))
      throw new TypeError('This state belongs to another `Stories` object.');
    let [held, ids] = [this.developments, this.ids];
    for (const [development, changed] of developments.changed) held = held.set(keyOf(id, development), changed);
    let at = developments.size - developments.added.length;
    for (const development of developments.added) {
      const key = keyOf(id, Math.floor(at++ / idsInEntry));
      ids = ids.set(key, [...(ids.get(key) ?? []), development]);
    }
    return new Stories(records, held, ids);
  }
}
