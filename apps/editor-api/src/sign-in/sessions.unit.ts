import { afterEach, expect, jest, test } from '@jest/globals';
import { Cookies } from './cookies.js';
import type { Issuer, IssuerSettings } from './issuer.js';
import { Sessions } from './sessions.js';
import type { SessionStore } from './store.js';

const day = 86_400_000;
const origin = 'http://localhost:3000';
const settings = { EDITOR_URL: origin, SESSION_CHECK_S: 30, SESSION_IDLE_S: 3_600, SESSION_MAX_S: 43_200 };
const grant = { person: { id: 'ada', roles: ['editor' as const] } };

afterEach(() => void jest.restoreAllMocks());

test('a sign-out in another process holds within half a second, also after this process’s clock was put back', async () => {
  const rows = new Map<string, string>();
  const store = {
    add: async (id: Buffer, sealed: string) => void rows.set(id.toString('hex'), sealed),
    find: async (id: Buffer) => {
      const sealed = rows.get(id.toString('hex'));
      return sealed === undefined ? undefined : { sealed, age: 0, left: day };
    },
  } as unknown as SessionStore;
  const cookies = new Cookies(origin);
  const sessions = new Sessions(settings as IssuerSettings, {} as Issuer, store, cookies);
  const right = Date.now();
  const clock = jest.spyOn(Date, 'now').mockReturnValue(right + day);
  const secret = await sessions.begin(grant);
  const ask = () => sessions.of({ method: 'GET', headers: { cookie: `${cookies.session}=${secret}` } });
  expect(await ask()).toMatchObject({ principal: { id: 'ada' } });
  clock.mockReturnValue(right);
  rows.clear();
  jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 600);
  await expect(ask()).rejects.toMatchObject({ details: { status: 401, code: 'signed-out' } });
});

test('while the database is away, it and not the issuer is said not to keep a new refresh token', async () => {
  let sealed = '';
  const store = {
    add: async (_: Buffer, row: string) => void (sealed = row),
    find: async () => ({ sealed, age: 31_000, left: day }),
    take: async () => ({ sealed, age: 31_000, left: day }),
    replace: async () => Promise.reject(new Error('connect ECONNREFUSED')),
    leave: async () => undefined,
  } as unknown as SessionStore;
  const renew = async (held: object, keep: (grant: object) => Promise<unknown>) => (await keep(held), held);
  const cookies = new Cookies(origin);
  const sessions = new Sessions(settings as IssuerSettings, { renew } as unknown as Issuer, store, cookies);
  const cookie = `${cookies.session}=${await sessions.begin(grant)}`;
  await expect(sessions.of({ method: 'GET', headers: { cookie } })).rejects.toMatchObject({
    details: { status: 503, detail: expect.stringContaining('The database of sessions does not answer.') },
  });
});
