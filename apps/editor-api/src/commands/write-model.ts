import {
  embargoStatusIn,
  emptyDirectory,
  evolve,
  evolveActor,
  evolveDirectory,
  noActor,
  noStory,
  readerVisibility,
  storyStream,
  type ActorState,
  type Commit,
  type Directory,
  type DomainEvent,
  type Origin,
  type StoryState,
} from '#domain';
import { arbitrate, decode, emptyLog, type Arbitration, type LogRecord } from '#event-log';
import { List, Map as Dictionary } from 'immutable';

/**
 * How many commands are remembered by their keys: the latest ones. An older key counts as new; a second decision on the same command finds
 * that nothing changes.
 */
export const commandsKept = 100_000;

/** How many more may collect before the oldest are forgotten together: each cleaning goes through all of them. */
const atOnce = (kept: number) => Math.ceil(kept / 10);

type Positioned = { readonly position: number };

/** Adds a command unless its key is known. Keeps at least `kept` commands, and at most a tenth more. */
export function remember<Command extends Positioned>(
  commands: Dictionary<string, Command>,
  key: string,
  command: Command,
  kept = commandsKept,
): Dictionary<string, Command> {
  if (commands.has(key)) return commands;
  const all = commands.set(key, command);
  if (all.size <= kept + atOnce(kept)) return all;
  const positions = Float64Array.from(all.valueSeq().map(({ position }) => position)).sort();
  const oldest = positions[positions.length - kept]!;
  return all.filter(({ position }) => position >= oldest);
}

/** For each development under embargo, the commit of the one event that carries its current content, still sealed. */
export type Withheld = Dictionary<string, Commit>;

/** The key of a development in `Withheld`. Development ids are unique only within a story. */
export const withheldKey = (stream: string, development: string): string => `${stream}/${development}`;

/** Updates the withheld developments with one more commit. It unseals nothing. Pure, and total. */
export function withhold(held: Withheld, commit: Commit): Withheld {
  const { stream, events } = commit;
  const begun = new Set(events.flatMap(({ type, data }) => (type === 'DevelopmentEmbargoed' ? data.development : [])));
  return events.reduce((now, event) => {
    const { type, data } = event;
    if (type !== 'DevelopmentRecorded' && type !== 'DevelopmentCorrected' && type !== 'EmbargoLifted') return now;
    const key = withheldKey(stream, data.development);
    if (type === 'EmbargoLifted') return now.delete(key);
    const isWithheld = type === 'DevelopmentRecorded' ? begun.has(data.development) : now.has(key);
    return isWithheld ? now.set(key, { ...commit, events: [event] }) : now;
  }, held);
}

/** Whether readers see any part of a story's commit. `before`: the story before it. Pure. */
export const isReadable = (before: StoryState, { events }: Commit): boolean =>
  readerVisibility(events, embargoStatusIn(before)).includes('shown');

/** The part of a commit that is kept to answer the same command again, and to report meanwhile posted commits to a colleague. */
export type CommitSummary = Omit<Commit, 'events'> & {
  readonly commandHash: string;
  readonly events: readonly { readonly type: string; readonly development?: string | undefined }[];
};

/** The state that decisions need, as of one position of the log. */
export interface WriteModel {
  readonly arbitration: Arbitration;
  /** The log's name, from its first commit. A log that was restored elsewhere keeps its original name. */
  readonly source: string | undefined;
  readonly stories: Dictionary<string, StoryState>;
  readonly actors: Dictionary<string, ActorState>;
  readonly directory: Directory;
  /** Content that readers cannot see yet, for the desk. */
  readonly withheld: Withheld;
  /** For each story, the position of the last commit of which readers see a part. */
  readonly readable: Dictionary<string, number>;
  /** The first winning commit of each of the latest commands, by `ownKey`. */
  readonly commands: Dictionary<string, CommitSummary>;
  /** The last commits of each stream, newest last. */
  readonly recent: Dictionary<string, List<CommitSummary>>;
  /** Quarantined streams: this version cannot decode one of their winners. The value is the reason; no command on them is decided. */
  readonly unreadable: Dictionary<string, string>;
}

/** Makes an idempotency key private to its author, so that nobody else can use it first. Neither part contains a line break. */
export const ownKey = (person: string, command: string): string => `${person}\n${command}`;

/** The write model of an empty log. */
export const emptyWriteModel: WriteModel = {
  arbitration: emptyLog,
  source: undefined,
  stories: Dictionary(),
  actors: Dictionary(),
  directory: emptyDirectory,
  withheld: Dictionary(),
  readable: Dictionary(),
  commands: Dictionary(),
  recent: Dictionary(),
  unreadable: Dictionary(),
};

const recentKept = 50;

/** Applies one more record of the log. Total: no record makes it throw. */
export function applyRecord(model: WriteModel, record: LogRecord): WriteModel {
  const [arbitration, verdict] = arbitrate(model.arbitration, record.headers);
  if (!verdict.won) return model;
  const next = { ...model, arbitration, source: model.source ?? record.headers.ce_source };
  if (model.unreadable.has(verdict.stream)) return next;
  const read = decode(record.headers, record.value, verdict);
  if ('unreadable' in read) return { ...next, unreadable: model.unreadable.set(verdict.stream, read.unreadable) };
  const summary = summarise(read.commit, record.headers.ce_commandhash ?? '');
  const { stream } = read.commit;
  const own = ownKey(read.commit.by.id, read.commit.command);
  const id = stream.slice(stream.indexOf(':') + 1);
  const known: WriteModel = {
    ...next,
    withheld: withhold(next.withheld, read.commit),
    readable: readableAfter(next, id, read.commit),
    commands: remember(next.commands, own, summary),
    recent: next.recent.update(stream, List<CommitSummary>(), list => list.push(summary).takeLast(recentKept)),
  };
  return read.commit.events.reduce((model, event) => evolveModel(model, id, event, read.commit), known);
}

function readableAfter({ readable, stories }: WriteModel, id: string, commit: Commit) {
  if (commit.stream !== storyStream(id)) return readable;
  return isReadable(stories.get(id, noStory), commit) ? readable.set(id, commit.position) : readable;
}

function evolveModel(model: WriteModel, id: string, event: DomainEvent, commit: Origin): WriteModel {
  if (event.type === 'LogOpened') return model;
  if (event.type === 'ActorRegistered' || event.type === 'ActorAmended')
    return {
      ...model,
      actors: model.actors.set(id, evolveActor(model.actors.get(id, noActor), event)),
      directory: evolveDirectory(model.directory, id, event),
    };
  return { ...model, stories: model.stories.set(id, evolve(model.stories.get(id, noStory), event, commit)) };
}

function summarise({ events, ...commit }: Commit, commandHash: string): CommitSummary {
  const acts = events.map(({ type, data }) =>
    'development' in data ? { type, development: data.development } : { type },
  );
  return { ...commit, commandHash, events: acts };
}

/** The stream's commits after the one with this id, oldest first. Undefined if that commit is too old to be kept. */
export function commitsSince(model: WriteModel, stream: string, id: string): CommitSummary[] | undefined {
  const recent = model.recent.get(stream, List<CommitSummary>());
  const at = recent.findIndex(commit => commit.parent === id);
  return at < 0 ? undefined : recent.slice(at).toArray();
}
