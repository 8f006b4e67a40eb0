import { actorOf, entryIn, isOfActor, profileOf, type ActorProfile } from '#domain';
import { isForgotten } from '../forgotten.js';
import type { Change, Held, Projection, ShownCommit, ShownEvent } from '../fold.js';
import { mentionsIn, mentionsTouched } from './mentions.js';

/** An actor's entry in the registry. */
export type ActorRow = {
  readonly actor: string;
  /** Empty if the entry was taken down. */
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

/** The row of an entry that was taken down. It holds what the log has in the clear. */
const withdrawn = (row: Pick<ActorRow, 'actor' | 'kind' | 'affiliations' | 'position'>): ActorRow => ({
  ...{ ...row, name: '', aliases: [], description: null, wikidata: null, iso3166: null },
});

/** The row after an event of an actor; undefined if the event changes none. */
function rowAfter(before: ActorRow | undefined, event: ShownEvent, actor: string, position: number) {
  if (event.type === 'ActorShredded') return before && withdrawn({ ...before, position });
  if (!isOfActor(event)) return undefined;
  const entry = entryIn(event);
  if (!entry) return undefined;
  const { name, kind, aliases, affiliations, ...more } = profileOf(actor, entry);
  if (isForgotten(event)) return withdrawn({ actor, kind, affiliations, position });
  const { description = null, wikidata = null, iso3166 = null } = more;
  return { actor, name, kind, aliases, affiliations, description, wikidata, iso3166, position };
}

function entriesIn(held: Held, { position, recorded, events }: ShownCommit, actor: string): Change[] {
  const before = held.get<ActorRow>('actor', [actor]);
  let last: ActorRow | undefined;
  for (const event of events) last = rowAfter(last ?? before, event, actor, position) ?? last;
  if (!last) return [];
  // Whether its former name was known then depends on keys, and a row must not.
  const renamed = before?.name !== last.name || events.some(({ type }) => type === 'ActorShredded');
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
    return actor ? entriesIn(held, commit, actor) : mentionsIn(held, commit);
  },
};
