import { actorOf, evolveActor, profileOf, type ActorProfile } from '#domain';
import type { Change, Held, Projection, ShownCommit, ShownEvent } from '../fold.js';
import { mentionsIn, mentionsTouched } from './mentions.js';

/** An actor's entry in the registry. */
export type ActorRow = {
  readonly actor: string;
  readonly name: string;
  readonly kind: ActorProfile['kind'];
  readonly aliases: readonly string[];
  readonly affiliations: readonly string[];
  readonly description: string | null;
  readonly wikidata: string | null;
  readonly iso3166: string | null;
  /** The position of the entry's last commit. As readers get it: or the later one at which the actor, or an affiliation, became readable. */
  readonly position: number;
};

/** A commit that changed an entry. */
export type ActorChangeRow = {
  readonly position: number;
  readonly actor: string;
  readonly recorded: string;
  /** Whether the actor's name is another one since. */
  readonly renamed: boolean;
};

/** The profile that an event of an actor carries. Without its key the actor is known by the id alone. */
function profileIn(actor: string, event: ShownEvent): ActorProfile | undefined {
  switch (event.type) {
    case 'ActorRegistered':
    case 'ActorAmended':
    case 'ActorRegisteredSealed':
    case 'ActorAmendedSealed':
      return profileOf(actor, evolveActor(null, event));
    default:
      return undefined;
  }
}

function entryIn(held: Held, commit: ShownCommit, actor: string): Change[] {
  const { position, recorded } = commit;
  const puts = commit.events.flatMap((event): ActorRow[] => {
    const profile = profileIn(actor, event);
    if (!profile) return [];
    const { name, kind, aliases, affiliations, description = null, wikidata = null, iso3166 = null } = profile;
    return [{ actor, name, kind, aliases, affiliations, description, wikidata, iso3166, position }];
  });
  const last = puts.at(-1);
  if (!last) return [];
  const renamed = held.get<ActorRow>('actor', [actor])?.name !== last.name;
  const change: ActorChangeRow = { position, actor, recorded, renamed };
  return [
    { table: 'actor', put: last },
    { table: 'actor_change', put: change },
  ];
}

/**
 * The registry of actors: names, and the other facts that hold in every story; and who is named by what readers may read. Readers get
 * only actors who are named (`views.sql`), so that nobody is known before the news in which they appear, or after its takedown.
 */
export const actors: Projection = {
  name: 'actors',
  version: 2,
  tables: {
    actor: { key: ['actor'], by: ['actor'], past: 'versions' },
    actor_change: { key: ['position'], by: ['position'], past: 'once' },
    actor_mention: {
      key: ['story', 'development', 'actor'],
      by: ['story', 'development'],
      story: 'story',
      past: 'versions',
      placed: 'position',
    },
  },
  hasViews: true,
  readers: ['readable_actor', 'readable_actor_change', 'actor_mention'],
  touches(commit) {
    const actor = actorOf(commit);
    return actor ? [{ table: 'actor', values: [actor] }] : mentionsTouched(commit);
  },
  fold(held, commit) {
    const actor = actorOf(commit);
    return actor ? entryIn(held, commit, actor) : mentionsIn(held, commit);
  },
};
