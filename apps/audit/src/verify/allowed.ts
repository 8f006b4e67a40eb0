import {
  actorOf,
  canonicalJson,
  emptyDirectory,
  evolve,
  evolveActor,
  evolveDirectory,
  isOfActor,
  isRefusal,
  noActor,
  noStory,
  notAllowedThen,
  payloadOf,
  reconstructDecision,
  reconstructActorDecision,
  resolveContent,
  type ActorEvent,
  type ActorState,
  type Directory,
  type OpaqueEvent,
  type OpenCommit,
  type OpenEvent,
  type Refusal,
  type StoryEvent,
  type StoryState,
} from '#domain';
import { logStream } from '#event-log';
import { Map as Dictionary } from 'immutable';
import type { FaultCode } from './faults.js';

/** The state that decisions need, as of one position. */
export interface Basis {
  readonly stories: Dictionary<string, StoryState>;
  readonly actors: Dictionary<string, ActorState>;
  readonly directory: Directory;
}

/** The basis of an empty log. */
export const emptyBasis: Basis = { stories: Dictionary(), actors: Dictionary(), directory: emptyDirectory };

type Wrong = { readonly code: FaultCode; readonly detail: string };

/** Repeats the commit's decision on its basis, and returns what is wrong with it, if anything. */
export function wrongOn(basis: Basis, commit: OpenCommit): Wrong | undefined {
  const { stream, seq, by, sealed, events } = commit;
  if (stream === logStream)
    return seq === 1 && events.length === 1 ? undefined : notAllowed('The log can be opened only once.');
  const again =
    actorOf(commit) !== undefined
      ? reconstructActorDecision(sealed as ActorEvent[], by)?.(basis.actors.get(stream, noActor))
      : reconstructDecision(sealed as StoryEvent[], by)?.(basis.stories.get(stream, noStory));
  return (
    notInTeamThen(basis, commit) ??
    differing(again, sealed) ??
    notAsProposed(basis, commit) ??
    events.map(event => unresolved(basis.directory, event)).find(Boolean)
  );
}

/** The basis after the commit, even if it is wrong. */
export function after(basis: Basis, commit: OpenCommit): Basis {
  const { stream, events } = commit;
  return events.reduce((before, event) => {
    if (event.type === 'LogOpened') return before;
    if (isOfActor(event)) {
      const actors = before.actors.set(stream, evolveActor(before.actors.get(stream, noActor), event, commit));
      return { ...before, actors, directory: evolveDirectory(before.directory, actorOf(commit)!, event) };
    }
    const story = evolve(before.stories.get(stream, noStory), event, commit);
    return { ...before, stories: before.stories.set(stream, story) };
  }, basis);
}

/** Whether its author was allowed to record it then, by the story's team before it. */
function notInTeamThen({ stories }: Basis, { stream, by, sealed }: OpenCommit): Wrong | undefined {
  if (actorOf({ stream }) !== undefined) return undefined;
  const refused = notAllowedThen(stories.get(stream, noStory), sealed as StoryEvent[], by);
  if (!refused) return undefined;
  const who = by.maker === undefined ? by.id : `${by.id}, a program of ${by.maker},`;
  return { code: 'not-in-team', detail: `${sealed[0]!.type} is by ${who}: ${refused.refused}.` };
}

function differing(again: readonly OpaqueEvent[] | Refusal | undefined, events: readonly OpaqueEvent[]) {
  const types = (of: readonly OpaqueEvent[]) =>
    of.map(({ type }) => type).join(', ') || 'nothing, because nothing would change';
  if (!again) return notAllowed(`No decision begins with ${events[0]?.type}.`);
  if (isRefusal(again)) return notAllowed(`${types(events)} is refused: ${again.refused}. ${again.detail}`);
  if (canonicalJson(again) === canonicalJson(events)) return undefined;
  return notAllowed(`It holds ${types(events)}; the decision gives ${types(again)}.`);
}

/** An approved retraction must show readers the approved reason. It can be checked only while the keys of both exist. */
function notAsProposed({ stories }: Basis, { stream, events }: OpenCommit): Wrong | undefined {
  const [approval, effect] = events;
  if (approval?.type !== 'ProposalApproved' || effect?.type !== 'DevelopmentRetracted' || !payloadOf(effect.data))
    return;
  const proposal = stories.get(stream, noStory).proposals.get(approval.data.proposal);
  if (proposal?.act === 'retract' && canonicalJson(proposal.told) === canonicalJson(effect.data.told)) return;
  return notAllowed('Its reason for the retraction differs from the approved one.');
}

/**
 * Content and affiliations in the log refer to actors by id, and only to actors registered before. Shredded content refers
 * to nobody.
 */
function unresolved(directory: Directory, { type, data }: OpenEvent): Wrong | undefined {
  if ('affiliations' in data) {
    const unknown = data.affiliations.find(id => !directory.profiles.has(id));
    return unknown === undefined ? undefined : notResolved(`${type} names ${unknown}, which was not registered.`);
  }
  const payload = payloadOf(data);
  if (!payload || !('content' in payload)) return undefined;
  const { content } = payload;
  const resolved = resolveContent(content, directory, ['content']);
  if (isRefusal(resolved))
    return notResolved(`${type} is refused: ${resolved.refused} at ${resolved.path?.join('.')}. ${resolved.detail}`);
  if (canonicalJson(resolved) === canonicalJson(content)) return undefined;
  return notResolved(`${type} does not name its actors by id, or has no headline.`);
}

const notAllowed = (detail: string): Wrong => ({ code: 'not-allowed', detail });
const notResolved = (detail: string): Wrong => ({ code: 'not-resolved', detail });
