import { emptyDirectory, withEntry, type ActorState } from '#domain';
import type { Head } from '#event-log';
import { Layered, type Ground, type Table } from '../state/layered.js';
import { Resident } from '../state/resident.js';
import type { Change } from '../state/state-file.js';
import type { SealedContent } from './contents.js';
import { developmentTable, idsTable, Stories, storyTable } from './stories.js';
import type { CommitSummary, Lift, WriteModel } from './write-model.js';

// The form of the write model in the state file. A change here, or of the meaning of a value, needs a new `stateFormat`:
// test/frozen/kept-state.unit.ts fails until it has one.

const json = <Value>(name: string): Table<Value> => ({ name, write: JSON.stringify, read: JSON.parse });
const tables = {
  heads: json<Head>('head'),
  actors: json<NonNullable<ActorState>>('actor'),
  contents: json<readonly SealedContent[]>('content'),
  lifts: json<Lift>('lift'),
  // In a first read, the last 100,000 wait in memory.
  commands: { ...json<CommitSummary>('command'), heldAsJson: true },
  blocks: json<readonly string[]>('block'),
  recent: json<readonly CommitSummary[]>('recent'),
  unreadable: json<string>('unreadable'),
};

/** The tables of the state file. */
export const stateTables = [...Object.values(tables), developmentTable, idsTable, storyTable].map(({ name }) => name);
/** Those of them whose keys are listed in order. */
export const listedTables = [storyTable.name];

/** The data in the file beside the dictionaries. */
export interface Checkpoint {
  /** Offset and digest of the last record in it. */
  readonly offset: number;
  readonly digest: string;
  readonly position: number;
  readonly genesis?: string | undefined;
  readonly source?: string | undefined;
  /** See `Blocks`. */
  readonly oldest: number;
}

/** The write model as the file holds it; without a checkpoint, that of an empty log. */
export function modelOn(ground?: Ground, checkpoint?: Checkpoint): WriteModel {
  const { position = 0, genesis, source, oldest = 0 } = checkpoint ?? {};
  const actors = Layered.of(tables.actors, ground);
  return {
    arbitration: { position, heads: Layered.of(tables.heads, ground), ...(genesis !== undefined && { genesis }) },
    source,
    stories: new Stories(
      Layered.of(storyTable, ground),
      Layered.of(developmentTable, ground),
      Layered.of(idsTable, ground),
    ),
    actors,
    directory: [...actors.unchanged()].reduce((all, [id, entry]) => withEntry(all, id, entry), emptyDirectory),
    contents: Layered.of(tables.contents, ground),
    lifts: Resident.of(tables.lifts, ground),
    commands: Layered.of(tables.commands, ground),
    blocks: { keys: Layered.of(tables.blocks, ground), oldest },
    recent: Layered.of(tables.recent, ground),
    unreadable: Resident.of(tables.unreadable, ground),
  };
}

/** The write model of an empty log, without a file. */
export const emptyWriteModel: WriteModel = modelOn();

/** The data to write beside the dictionaries of this model. */
export const checkpointOf = (model: WriteModel, offset: number, digest: string): Checkpoint => ({
  offset,
  digest,
  position: model.arbitration.position,
  genesis: model.arbitration.genesis,
  source: model.source,
  oldest: model.blocks.oldest,
});

type Step = <Value>(dictionary: Layered<Value>) => Layered<Value>;

/** Applies a step to each dictionary. */
export function mapLayers(model: WriteModel, step: Step): WriteModel {
  const { arbitration, stories, blocks } = model;
  return {
    ...model,
    arbitration: { ...arbitration, heads: step(arbitration.heads) },
    stories: new Stories(step(stories.records), step(stories.developments), step(stories.ids)),
    actors: step(model.actors),
    contents: step(model.contents),
    lifts: model.lifts.as(step(model.lifts.kept)),
    commands: step(model.commands),
    blocks: { ...blocks, keys: step(blocks.keys) },
    recent: step(model.recent),
    unreadable: model.unreadable.as(step(model.unreadable.kept)),
  };
}

/** The changes in the older layers of the model. */
export function* changesOf(model: WriteModel): Generator<Change> {
  const layers: Layered<unknown>[] = [];
  mapLayers(model, layer => {
    layers.push(layer as Layered<unknown>);
    return layer;
  });
  for (const layer of layers) yield* layer.toWrite();
}
