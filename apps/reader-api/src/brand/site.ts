import type { Brand } from '#pages';
import type { Organization } from 'schema-dts';

/** Injects the publisher's brand. */
export const BRAND = Symbol('brand');

/** Where this API is public, and who publishes what it serves. */
export interface Site {
  /** The public base URL, without a final slash. */
  readonly base: string;
  readonly brand: Brand;
}

/** The publisher as data for search engines. Pure. */
export function publisherOf({ base, brand }: Site): Organization {
  const { name, url = base, logo } = brand;
  return {
    '@type': 'Organization',
    name,
    url,
    ...(logo && { logo: { '@type': 'ImageObject', url: base + logo.url } }),
  };
}
