import type { Actor, Story } from '#contract';
import { bcp47 } from '#pages';
import type { WithContext } from 'schema-dts';
import type { Addresses } from './addresses.js';

/** The schema.org type of each kind of actor. People and organisations have a ProfilePage, others a WebPage. */
const types = {
  person: { page: 'ProfilePage', entity: 'Person' },
  organisation: { page: 'ProfilePage', entity: 'Organization' },
  group: { page: 'ProfilePage', entity: 'Organization' },
  state: { page: 'WebPage', entity: 'Country' },
  market: { page: 'WebPage', entity: 'Thing' },
} as const satisfies Record<Actor['kind'], unknown>;

type NamedActor = Pick<Actor, 'id' | 'name' | 'kind'>;

/** An actor of a story, for the head of its page. `affiliations`: the actor's registered affiliations. Pure. */
export function profilePage(
  story: Story,
  actor: Actor,
  affiliations: readonly NamedActor[],
  addresses: Addresses,
): WithContext<{ readonly '@type': 'ProfilePage' | 'WebPage' }> {
  const { page, entity } = types[actor.kind];
  const url = addresses.actor(actor.id);
  const inLanguage = bcp47(story.language);
  return {
    '@context': 'https://schema.org',
    '@type': page,
    '@id': url,
    url,
    name: actor.name,
    ...(inLanguage && { inLanguage }),
    dateModified: story.recorded,
    isPartOf: { '@type': 'LiveBlogPosting', '@id': addresses.page, url: addresses.page, headline: story.title },
    mainEntity: {
      '@type': entity,
      '@id': `${url}#actor`,
      name: actor.name,
      ...(actor.aliases.length > 0 && { alternateName: [...actor.aliases] }),
      ...(actor.description !== null && { description: actor.description }),
      ...(actor.wikidata !== null && { sameAs: `https://www.wikidata.org/entity/${actor.wikidata}` }),
      ...(actor.iso3166 !== null && {
        identifier: { '@type': 'PropertyValue', propertyID: 'ISO 3166-1 alpha-2', value: actor.iso3166 },
      }),
      ...memberships(entity, affiliations, addresses),
    },
  } as WithContext<{ readonly '@type': typeof page }>;
}

/** The affiliations that schema.org can express: people and organisations are members of organisations. */
function memberships(entity: string, affiliations: readonly NamedActor[], addresses: Addresses): object {
  const organisations = affiliations.filter(({ kind }) => types[kind].entity === 'Organization');
  if (organisations.length === 0 || !['Person', 'Organization'].includes(entity)) return {};
  return {
    memberOf: organisations.map(({ id, name }) => ({
      '@type': 'Organization',
      '@id': `${addresses.actor(id)}#actor`,
      name,
    })),
  };
}
