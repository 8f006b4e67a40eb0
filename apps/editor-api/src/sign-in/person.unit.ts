import { describe, expect, test } from '@jest/globals';
import { BadClaim, mostRoles, personOf } from './person.js';

const plain = { OIDC_ROLES_CLAIM: 'roles', OIDC_ROLES: undefined, OIDC_NAME_CLAIM: 'name' };

describe('the person of an issuer’s claims', () => {
  test('the roles are those of ours, whatever else the claim holds', () => {
    expect(personOf({ sub: 'ada', name: 'Ada', roles: ['poet', 'legal', 'editor', 7] }, plain)).toEqual({
      id: 'ada',
      name: 'Ada',
      roles: ['editor', 'legal'],
    });
    expect(personOf({ sub: 'ada', roles: 'editor' }, plain)).toEqual({ id: 'ada', roles: ['editor'] });
    for (const roles of [undefined, null, {}, 7, []]) expect(personOf({ sub: 'ada', roles }, plain).roles).toEqual([]);
  });

  test('a mapping replaces the roles’ own names', () => {
    const mapped = { ...plain, OIDC_ROLES: { 'desk-editors': 'editor', lawyers: 'legal' } as const };
    expect(personOf({ sub: 'ada', roles: ['desk-editors', 'auditor', 'toString'] }, mapped).roles).toEqual(['editor']);
  });

  test.each([
    ['realm_access.roles', { realm_access: { roles: ['editor'] } }],
    ['https://news.example/roles', { 'https://news.example/roles': ['editor'] }],
  ])('the claim is found at %s', (OIDC_ROLES_CLAIM, claims) =>
    expect(personOf({ sub: 'ada', ...claims }, { ...plain, OIDC_ROLES_CLAIM }).roles).toEqual(['editor']),
  );

  test('a path leads only through the claims’ own fields', () =>
    expect(personOf({ sub: 'ada' }, { ...plain, OIDC_ROLES_CLAIM: 'constructor.name' }).roles).toEqual([]));

  test('the claim’s first values count, up to the bound', () => {
    const others = (count: number) => Array.from({ length: count }, () => 'other');
    const rolesOf = (roles: string[]) => personOf({ sub: 'ada', roles }, plain).roles;
    expect(rolesOf([...others(mostRoles - 1), 'editor'])).toEqual(['editor']);
    expect(rolesOf([...others(mostRoles), 'editor'])).toEqual([]);
  });

  test.each([
    ['no subject', {}],
    ['the system as its subject', { sub: 'Dateline' }],
    ['an invisible character in its subject', { sub: 'a\u200dda' }],
    ['a name that the log refuses', { sub: 'ada', name: 'x'.repeat(201) }],
    ['a name that is no text', { sub: 'ada', name: 7 }],
  ])('%s is refused', (_, claims) => expect(() => personOf(claims, plain)).toThrow(BadClaim));
});
