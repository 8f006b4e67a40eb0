import {
  actorOf,
  developmentsIn,
  embargoStatusIn,
  evolve,
  evolveActor,
  evolveDirectory,
  noActor,
  readerVisibility,
  storyOf,
  type ActorEvent,
  type ActorState,
  type Commit,
  type Directory,
  type StoryEvent,
  type StoryState,
} from '#domain';
import { arbitrate, decode, type Arbitration, type Head, type LogRecord } from '#event-log';
import { keyIdsIn } from '#keys';
import type { Layered } from '../state/layered.js';
import type { Resident } from '../state/resident.js';
import { contentsAfter, keyInStory, type Contents } from './contents.js';
import type { Stories } from './stories.js';

/**
 * How many commands are remembered by their keys: the latest ones, and a few more. An older key counts as new; a second decision on the
 * same command finds that nothing changes.
 */
export const commandsKept = 100_000;

/** Keys are forgotten together, for this many commits. So at most this many more than `commandsKept` are remembered. */
export const forgottenTogether = 500;

/** For each block of commits, by its number, the keys that were new in it. */
export interface Blocks {
  readonly keys: Layered<readonly string[]>;
  /** The number of the first block that was not forgotten. */
  readonly oldest: number;
}

/** Adds a command unless its key is known. When a block begins, forgets those that are too old. */
export function remember(
  before: Pick<WriteModel, 'commands' | 'blocks'>,
  key: string,
  command: CommitSummary,
  kept = commandsKept,
): Pick<WriteModel, 'commands' | 'blocks'> {
  const block = Math.floor(command.position / forgottenTogether);
  let { commands } = before;
  let { keys, oldest } = before.blocks;
  for (; oldest < block - Math.ceil(kept / forgottenTogether); oldest++) {
    for (const old of keys.get(String(oldest)) ?? []) commands = commands.delete(old);
    keys = keys.delete(String(oldest));
  }
  if (!commands.has(key)) {
    commands = commands.set(key, command);
    keys = keys.set(String(block), [...(keys.get(String(block)) ?? []), key]);
  }
  return { commands, blocks: { keys, oldest } };
}

/** Whether readers see any part of a story's commit. `before`: the story before it. Pure. */
export const isReadable = (before: StoryState, { events }: Commit): boolean =>
  readerVisibility(events, embargoStatusIn(before)).includes('shown');

/** The part of a commit that is kept to answer the same command again, and to report meanwhile posted commits to a colleague. */
export type CommitSummary = Omit<Commit, 'events'> & {
  readonly commandHash: string;
  readonly events: readonly { readonly type: string; readonly development?: string | undefined }[];
  /** The id of the last key under which it has words. */
  readonly key?: string | undefined;
};

/** An embargo with a time at which it must be lifted automatically. */
export interface Lift {
  readonly story: string;
  readonly development: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly until: string;
}

/** The state that decisions need, as of one position of the log. Immutable, and most of it on disk. */
export interface WriteModel {
  readonly arbitration: Arbitration<Layered<Head>>;
  /** The log's name, from its first commit. A log that was restored elsewhere keeps its original name. */
  readonly source: string | undefined;
  readonly stories: Stories;
  readonly actors: Layered<NonNullable<ActorState>>;
  /** The actors again, by their ids and the names that the log has in the clear. It is in memory as a whole. See `ActorNames`. */
  readonly directory: Directory;
  /** The current content of each development, sealed as in the log, by `keyInStory`. */
  readonly contents: Contents;
  /** Embargoes with a time, by `keyInStory`. In memory as a whole. */
  readonly lifts: Resident<Lift>;
  /** The first winning commit of each of the latest commands, by `ownKey`. */
  readonly commands: Layered<CommitSummary>;
  readonly blocks: Blocks;
  /** The last commits of each stream, newest last. */
  readonly recent: Layered<readonly CommitSummary[]>;
  /**
   * Quarantined streams: this version cannot decode one of their winners. The value is the reason; no command on them is decided. In
   * memory as a whole.
   */
  readonly unreadable: Resident<string>;
}

/** Makes an idempotency key private to its author, so that nobody else can use it first. Neither part contains a line break. */
export const ownKey = (person: string, command: string): string => `${person}\n${command}`;

/** How many of a stream's commits are kept. */
const recentKept = 50;

/**
 * Applies one more record of the log. Total: no record makes it throw. It throws only if the state on disk is damaged. `decoding` may keep
 * what the same bytes were decoded to.
 */
export function applyRecord(model: WriteModel, record: LogRecord, decoding = decode): WriteModel {
  const [arbitration, verdict] = arbitrate(model.arbitration, record.headers);
  if (!verdict.won) return model;
  const next = { ...model, arbitration, source: model.source ?? record.headers.ce_source };
  if (model.unreadable.has(verdict.stream)) return next;
  const read = decoding(record.headers, record.value, verdict);
  if ('unreadable' in read) return { ...next, unreadable: model.unreadable.set(verdict.stream, read.unreadable) };
  const { commit } = read;
  const summary = summarise(commit, record.headers.ce_commandhash ?? '');
  const recent = [...(next.recent.get(commit.stream) ?? []).slice(1 - recentKept), summary];
  return applyEvents(
    {
      ...next,
      contents: contentsAfter(next.contents, commit),
      ...remember(next, ownKey(commit.by.id, commit.command), summary),
      recent: next.recent.set(commit.stream, recent),
    },
    commit,
  );
}

function applyEvents(model: WriteModel, commit: Commit): WriteModel {
  const story = storyOf(commit);
  if (story !== undefined) return applyToStory(model, story, commit);
  const actor = actorOf(commit);
  return actor === undefined
    ? model
    : (commit.events as readonly ActorEvent[]).reduce(applyToActor(actor, commit), model);
}

const applyToActor = (id: string, commit: Commit) => (model: WriteModel, event: ActorEvent) => {
  const after = evolveActor(model.actors.get(id) ?? noActor, event, commit);
  const actors = after ? model.actors.set(id, after) : model.actors;
  return { ...model, actors, directory: evolveDirectory(model.directory, id, event) };
};

function applyToStory(model: WriteModel, id: string, commit: Commit): WriteModel {
  const before = model.stories.stateOf(id);
  const readable = isReadable(before, commit);
  const after = (commit.events as readonly StoryEvent[]).reduce((state, event) => evolve(state, event, commit), before);
  return {
    ...model,
    lifts: liftsAfter(model.lifts, id, before, after, commit),
    stories: model.stories.put(id, after, commit.position, readable),
  };
}

/** Keeps the embargoes of active developments that have a time. */
function liftsAfter(lifts: Resident<Lift>, story: string, before: StoryState, after: StoryState, commit: Commit) {
  if (before.embargoes.isEmpty() && after.embargoes.isEmpty()) return lifts;
  return developmentsIn(commit.events).reduce((now, development) => {
    const key = keyInStory(commit.stream, development);
    const until = after.embargoes.get(development)?.until;
    const isActive = after.developments.get(development)?.status === 'active';
    return until !== undefined && isActive ? now.set(key, { story, development, until }) : now.delete(key);
  }, lifts);
}

function summarise({ events, ...commit }: Commit, commandHash: string): CommitSummary {
  const acts = events.map(({ type, data }) =>
    'development' in data ? { type, development: data.development } : { type },
  );
  const key = [...keyIdsIn(events)].at(-1);
  return { ...commit, commandHash, events: acts, ...(key !== undefined && { key }) };
}

/** The key of the stream's latest words, among its last commits. */
export const latestKey = ({ recent }: WriteModel, stream: string): string | undefined =>
  recent.get(stream)?.findLast(({ key }) => key !== undefined)?.key;

/** The stream's commits after the one with this id, oldest first. Undefined if that commit is too old to be kept. */
export function commitsSince(model: WriteModel, stream: string, id: string): CommitSummary[] | undefined {
  const recent = model.recent.get(stream) ?? [];
  const at = recent.findIndex(commit => commit.parent === id);
  return at < 0 ? undefined : recent.slice(at);
}
