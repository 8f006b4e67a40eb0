import { actorOf, emptyDirectory, evolveDirectory, isRefusal, resolveActor, type OpenCommit } from '#domain';
import { asOf, readable } from '#projections';

/** What is known of an actor about one thing; without a key, about all things of the facet. */
export interface Cell {
  readonly actor: string;
  readonly facet: string;
  readonly key?: string | undefined;
}

/** The developments that the cell rests on or once did: whatever they told when recorded, or in a correction. Pure. */
export function developmentsBehind(ofStory: readonly OpenCommit[], { actor, facet, key }: Cell): Set<string> {
  const told = ofStory.flatMap(commit =>
    commit.events.flatMap(event => {
      if (event.type !== 'DevelopmentRecorded' && event.type !== 'DevelopmentCorrected') return [];
      // Each by itself, so that what was corrected away or retracted later still counts.
      return asOf(readable([{ ...commit, events: [{ type: 'DevelopmentRecorded', data: event.data }] }]), []).marks;
    }),
  );
  const marks = told.filter(m => m.actor === actor && m.facet === facet && (key === undefined || m.key === key));
  return new Set(marks.map(({ development }) => development));
}

/** The id of the actor that is meant by an id, name or alias; an error that names who may be meant where it is not clear. */
export function actorMeant(ofRegistry: readonly OpenCommit[], ref: string): string {
  const directory = ofRegistry.reduce(
    (before, commit) =>
      commit.events.reduce(
        (held, event) =>
          event.type === 'ActorRegistered' || event.type === 'ActorAmended'
            ? evolveDirectory(held, actorOf(commit)!, event)
            : held,
        before,
      ),
    emptyDirectory,
  );
  const found = resolveActor(directory, ref);
  if (!isRefusal(found)) return found;
  const others = found.allowed?.length ? ` Did you mean ${found.allowed.join(', ')}?` : '';
  throw new Error(`${ref}: ${found.detail}${others}`);
}
