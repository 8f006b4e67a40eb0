import { Author, Subject } from '#domain';
import { roles } from '#platform';
import type { SignInSettings } from './settings.js';

/** The person that an issuer's claims describe. */
export interface Person {
  readonly id: string;
  readonly name?: string;
  readonly roles: readonly string[];
}

/** The issuer's claims do not describe a person whom the log could name. The message says which claim is wrong, and none of its value. */
export class BadClaim extends Error {}

type Claims = Readonly<Record<string, unknown>>;

/** The most values of the roles' claim that are read: more are groups that have nothing to do with a newsroom. */
export const mostRoles = 1_000;

/** A claim by its whole name, such as `https://news.example/roles`, or by a path of names with dots between. */
function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Claims)[name] : undefined,
      claims,
    );
}

/** The person and the roles. Values of the roles' claim that are no role of ours count for nothing. Throws a BadClaim. */
export function personOf(
  claims: Claims,
  {
    OIDC_ROLES_CLAIM,
    OIDC_ROLES,
    OIDC_NAME_CLAIM,
  }: Pick<SignInSettings, 'OIDC_ROLES_CLAIM' | 'OIDC_ROLES' | 'OIDC_NAME_CLAIM'>,
): Person {
  const id = Subject.safeParse(claims.sub);
  if (!id.success) throw new BadClaim('sub');
  const name = Author.shape.name.safeParse(claimAt(claims, OIDC_NAME_CLAIM) || undefined);
  if (!name.success) throw new BadClaim('name');
  const given = claimAt(claims, OIDC_ROLES_CLAIM);
  const values = (Array.isArray(given) ? given : [given]).slice(0, mostRoles);
  const held = values.map(value => {
    if (typeof value !== 'string' || !OIDC_ROLES) return value;
    return Object.hasOwn(OIDC_ROLES, value) ? OIDC_ROLES[value] : undefined;
  });
  const theirs = roles.filter(role => held.includes(role));
  return { id: id.data, ...(name.data === undefined ? {} : { name: name.data }), roles: theirs };
}
