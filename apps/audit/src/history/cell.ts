import { actorOf, emptyDirectory, evolveDirectory, isRefusal, resolveActor, type OpenCommit } from '#domain';
import { asOf, readable } from '#projections';

/** A cell of an actor's state; without a key, all cells of the facet. */
export interface Cell {
  readonly actor: string;
  readonly facet: string;
  readonly key?: string | undefined;
}

/** The developments that the cell rests on or once did, by their recorded or corrected content. Pure. */
export function developmentsBehind(ofStory: readonly OpenCommit[], { actor, facet, key }: Cell): Set<string> {
  const told = ofStory.flatMap(commit =>
    commit.events.flatMap(event => {
      if (event.type !== 'DevelopmentRecorded' && event.type !== 'DevelopmentCorrected') return [];
      // Each is folded alone, so that content that was corrected or retracted later still counts.
      return asOf(readable([{ ...commit, events: [{ type: 'DevelopmentRecorded', data: event.data }] }]), []).marks;
    }),
  );
  const marks = told.filter(m => m.actor === actor && m.facet === facet && (key === undefined || m.key === key));
  return new Set(marks.map(({ development }) => development));
}

/** The actor id for an id, name or alias. Returns an error with the candidates if it is ambiguous. */
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
