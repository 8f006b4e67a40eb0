import {
  actorStream,
  canonicalJson,
  emptyDirectory,
  evolve,
  evolveActor,
  evolveDirectory,
  isRefusal,
  noActor,
  noStory,
  redecide,
  redecideActor,
  resolveContent,
  type ActorEvent,
  type ActorState,
  type Commit,
  type Directory,
  type DomainEvent,
  type Refusal,
  type StoryEvent,
  type StoryState,
} from '#domain';
import { logStream } from '#event-log';
import { Map as Dictionary } from 'immutable';
import type { FaultCode } from './faults.js';

/** All that decisions rest on, as of one position. */
export interface Basis {
  readonly stories: Dictionary<string, StoryState>;
  readonly actors: Dictionary<string, ActorState>;
  readonly directory: Directory;
}

export const emptyBasis: Basis = { stories: Dictionary(), actors: Dictionary(), directory: emptyDirectory };

type Wrong = { readonly code: FaultCode; readonly detail: string };

/** Decides the commit again on its basis: what is wrong with it, if anything. */
export function wrongOn(basis: Basis, { stream, seq, events }: Commit): Wrong | undefined {
  if (stream === logStream) return seq === 1 && events.length === 1 ? undefined : notAllowed('The log is opened once.');
  const ofActor = stream.startsWith(actorStream(''));
  const again = ofActor
    ? redecideActor(events as ActorEvent[])?.(basis.actors.get(stream, noActor))
    : redecide(events as StoryEvent[])?.(basis.stories.get(stream, noStory));
  return differing(again, events) ?? events.map(event => unresolved(basis.directory, event)).find(Boolean);
}

/** The basis after it, whatever is wrong with it. */
export function after(basis: Basis, { stream, events }: Commit): Basis {
  return events.reduce((before, event) => {
    if (event.type === 'LogOpened') return before;
    if (event.type === 'ActorRegistered' || event.type === 'ActorAmended') {
      const actors = before.actors.set(stream, evolveActor(before.actors.get(stream, noActor), event));
      const actor = stream.slice(actorStream('').length);
      return { ...before, actors, directory: evolveDirectory(before.directory, actor, event) };
    }
    return { ...before, stories: before.stories.set(stream, evolve(before.stories.get(stream, noStory), event)) };
  }, basis);
}

function differing(again: readonly DomainEvent[] | Refusal | undefined, events: readonly DomainEvent[]) {
  const types = (of: readonly DomainEvent[]) => of.map(({ type }) => type).join(', ') || 'nothing: it was already so';
  if (!again) return notAllowed(`No decision begins with ${events[0]?.type}.`);
  if (isRefusal(again)) return notAllowed(`${types(events)} is refused: ${again.refused}. ${again.detail}`);
  if (canonicalJson(again) === canonicalJson(events)) return undefined;
  return notAllowed(`It holds ${types(events)}; the decision gives ${types(again)}.`);
}

/** Content enters the log with its actors by their ids, of actors registered before; so do affiliations. */
function unresolved(directory: Directory, { type, data }: DomainEvent): Wrong | undefined {
  if ('affiliations' in data) {
    const unknown = data.affiliations.find(id => !directory.profiles.has(id));
    return unknown === undefined ? undefined : notResolved(`${type} names ${unknown}, which was not registered.`);
  }
  if (!('content' in data)) return undefined;
  const resolved = resolveContent(data.content, directory, ['content']);
  if (isRefusal(resolved))
    return notResolved(`${type} is refused: ${resolved.refused} at ${resolved.path?.join('.')}. ${resolved.detail}`);
  if (canonicalJson(resolved) === canonicalJson(data.content)) return undefined;
  return notResolved(`${type} does not name its actors by their ids, or has no headline.`);
}

const notAllowed = (detail: string): Wrong => ({ code: 'not-allowed', detail });
const notResolved = (detail: string): Wrong => ({ code: 'not-resolved', detail });
