import { HandOver, NewDraft, NewMachine, NewPresence, NewUpload, SeenDraft } from '#contract';
import { actorActs, actorTakedownActs, acts, rights, teamRoles, type Does, type TeamRole } from '#domain';
import { devToken, type Role } from '#platform';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import request from 'supertest';
import type { z } from 'zod';
import { machineActs, showsPictures } from '../../apps/editor-api/src/machines/acts.js';
import { CaptureLink, SmallCopy } from '../../apps/editor-api/src/captures/captures.controller.js';
import { PreviewBody } from '../../apps/editor-api/src/reads/preview.js';
import { statement } from '../pages/posting.js';
import { filled, type Path } from '../canaries/sample.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { operationsOf, type Operation } from '../harness/operations.js';
import { DeskApp } from './desk-app.fixture.js';

// Tries every route that writes, of the API's own document, as every kind of caller. What is right follows from the table of rights, by the
// row that the route names: no route is written down here.

let newsroom: TestNewsroom;
let api: DeskApp;
beforeAll(async () => {
  newsroom = await TestNewsroom.open({ editors: 0, projector: false, reader: false });
  api = new DeskApp(newsroom.envOf('editor-api').DATABASE_URL);
  await api.open();
});
afterAll(async () => {
  await api?.close();
  await newsroom?.close();
});

interface Right {
  readonly team?: TeamRole;
  readonly own?: TeamRole;
  readonly token?: readonly string[];
  readonly newsroom?: readonly string[];
}
const rightTo = (does: Does): Right => rights[does];

/** Somebody who asks. `refused`: no valid token. Otherwise what the table is asked for. */
interface Caller {
  readonly who: string;
  readonly token?: string | undefined;
  readonly refused?: 401 | 403;
  readonly roles?: readonly Role[];
  /** The role in the team of the story; of a program: its maker's. */
  readonly team?: TeamRole;
  /** Who recorded the development that the routes name. */
  readonly recorded?: true;
  /** Of a program: its acts. */
  readonly acts?: readonly Does[];
}

const reaches = (has: TeamRole | undefined, needs: TeamRole | undefined): boolean =>
  has !== undefined && needs !== undefined && teamRoles.indexOf(has) >= teamRoles.indexOf(needs);

/** What a program may do whose token lists an act that shows pictures. */
const uploading: readonly Does[] = ['keep-picture', 'begin-upload', 'send-part', 'finish-upload'];

/** Whether the table gives a caller the right. */
function may({ roles = [], team, recorded, acts: listed }: Caller, does: Does): boolean {
  const { team: needs, own, token, newsroom: outside } = rightTo(does);
  const forPictures = uploading.includes(does) && showsPictures.some(act => listed?.includes(act));
  if (listed && !listed.includes(does) && !forPictures) return false;
  if ([...(token ?? []), ...(outside ?? [])].some(role => roles.includes(role as Role))) return true;
  return reaches(team, needs) || (recorded === true && reaches(team, own));
}

type Tried = Operation & { readonly does: Does };
/** The routes that write, with the row of the table that each names. */
async function writes(): Promise<Tried[]> {
  const { body } = await request(api.app.getHttpServer()).get('/docs-json');
  const named = (path: string, method: string) => body.paths[path][method.toLowerCase()]['x-act'] as Does | undefined;
  return operationsOf(body)
    .filter(({ method }) => method !== 'GET')
    .map(operation => {
      const does = named(operation.path, operation.method);
      // Give it `Needs`, and the table a row.
      if (!does || !(does in rights)) throw new Error(`${operation.path} does not say which right it needs.`);
      return { ...operation, does };
    });
}

const bodies = new Map<Does, z.ZodType | undefined>([
  ...Object.values({ ...acts, ...actorActs, ...actorTakedownActs }).map(
    act => [act.does, 'body' in act ? act.body : undefined] as const,
  ),
  ['make-machine', NewMachine],
  ['preview-content', PreviewBody],
  ['capture-link', CaptureLink],
  ['capture-link-again', CaptureLink],
  ['see-captured-picture', SmallCopy],
  ['begin-upload', NewUpload],
  ['keep-draft', NewDraft],
  ['take-over-draft', SeenDraft],
  ['hand-over-draft', HandOver],
  ['discard-draft', SeenDraft],
  ['say-presence', NewPresence],
]);
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

let words = 0;
/** Values of fields that no word is right for; a body has those that its schema has. */
const fixed = (does: Does): Record<Path, unknown> => ({
  ...{ zone: 'UTC', language: 'en', to: randomUUID(), content: { kind: 'update', body: 'The water is rising.' } },
  ...(does === 'correct-development' && { content: statement('mayor', 'It is rising.') }),
  captures: [{ url: 'https://news.example/', sources: ['html'], at: '2026-01-01T00:00:00Z', proof: 'p'.repeat(43) }],
  ...(does === 'begin-upload' && { size: 9, sha256: 'a'.repeat(64) }),
  ...(does === 'hand-over-draft' && { to: { id: 'ben' } }),
  ...{ acts: does === 'make-machine' ? ['record-development'] : [], expires: inAnHour() },
});
/** Fields that other fields or roles rule out. */
const without: Path[] = ['supersedes', 'key', 'as', 'embargo', 'continues', 'ended', 'story', 'target'];

/** A valid body for a route, from its schema. */
function bodyFor(does: Does): object | undefined {
  const schema = bodies.get(does);
  if (!schema) return undefined;
  const isLink = does.endsWith('link-development');
  return filled(schema, {
    write: () => `word${'abcdefghij'[words % 10]}${words++}`,
    actor: () => 'mayor',
    kind: 'arrival',
    without: isLink ? [] : [...without, 'points[].point', 'points[].checked'],
    fixed: fixed(does),
  }) as object;
}

const local = { JWT_ISSUER: 'i', JWT_AUDIENCE: 'a' };
const tokenOf = (id: string, roles: readonly Role[], hours?: number) =>
  devToken(api.settings, { id, name: id, roles: [...roles] }, hours);

async function send(token: string | undefined, method: string, path: string, body?: object) {
  const asking = request(api.app.getHttpServer())[method.toLowerCase() as 'post'](path);
  const answer = await asking.set(token === undefined ? {} : { Authorization: `Bearer ${token}` }).send(body);
  return { status: answer.status, body: answer.body };
}
async function done(token: string, path: string, body: object) {
  const answer = await send(token, 'POST', path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A story with a team, and a development of its reporter. */
async function story() {
  const chief = await tokenOf('chief', ['editor']);
  await done(chief, '/actors', { id: 'mayor', name: 'The mayor', kind: 'person' });
  await done(chief, '/stories', { id: 'flood', title: 'The flood', zone: 'UTC', team: 'own' });
  await done(await tokenOf('other', ['editor']), '/stories', { id: 'storm', title: 'Storm', zone: 'UTC', team: 'own' });
  for (const [member, role] of [
    ['reporter', 'reporter'],
    ['editor', 'editor'],
    ['leaver', 'editor'],
    ['fallen', 'editor'],
  ])
    await done(chief, '/stories/flood/members', { member, role });
  const content = { kind: 'update', body: 'The water is rising.' };
  const { development } = await done(await tokenOf('reporter', ['reporter']), '/stories/flood/developments', {
    content,
  });
  return { chief, development: development as string };
}

const machine = async (maker: string, listed: readonly string[], at = 'flood') =>
  (await done(maker, `/stories/${at}/machines`, { name: 'Gauge', acts: listed, expires: inAnHour() })) as {
    id: string;
    token: string;
  };

async function callers(chief: string): Promise<Caller[]> {
  const all = [...machineActs.keys()];
  const [leaver, fallen] = [await tokenOf('leaver', ['editor']), await tokenOf('fallen', ['editor'])];
  const editors = all.filter(does => rightTo(does).team !== 'chief');
  const [left, demoted] = [await machine(leaver, editors), await machine(fallen, editors)];
  await done(chief, '/stories/flood/remove-member', { member: 'leaver' });
  await done(chief, '/stories/flood/members', { member: 'fallen', role: 'reporter' });
  const revoked = await machine(chief, all);
  await send(chief, 'POST', `/stories/flood/machines/${revoked.id}/revoke`);
  const ended = `dateline_${'e'.repeat(43)}`;
  await newsroom.onDatabase(client =>
    client.query(
      `insert into dateline_access.machine (id, hash, story, acts, name, maker, expires)
       values ($1, $2, 'flood', $3, 'Ended', 'chief', now() - interval '1 second')`,
      [randomUUID(), createHash('sha256').update(ended).digest(), all],
    ),
  );
  // A revocation holds after a second.
  await pause(1_000);
  const foreign = { ...local, DEV_KEY_FILE: join(api.folder, 'foreign.json') };
  const as = async (id: string, roles: readonly Role[], more: Partial<Caller> = {}): Promise<Caller> => ({
    who: `${id} with the roles ${roles.join()}`,
    token: await tokenOf(id, roles),
    roles,
    ...more,
  });
  return [
    { who: 'nobody', refused: 401 },
    { who: 'an expired token', token: await tokenOf('chief', ['editor'], -1), refused: 401 },
    {
      who: 'a foreign issuer’s token',
      token: await devToken(foreign, { id: 'chief', name: 'chief', roles: ['editor'] }),
      refused: 401,
    },
    { who: 'a member without a role in the token', token: await tokenOf('chief', []), refused: 403 },
    await as('reporter', ['reporter'], { team: 'reporter', recorded: true }),
    await as('reporter', ['editor'], { team: 'reporter', recorded: true }),
    await as('editor', ['editor'], { team: 'editor' }),
    await as('editor', ['reporter'], { team: 'editor' }),
    await as('chief', ['editor'], { team: 'chief' }),
    await as('chief', ['reporter'], { team: 'chief' }),
    await as('leaver', ['editor']),
    await as('fallen', ['editor'], { team: 'reporter' }),
    // A member of another story: its chief.
    await as('other', ['editor', 'reporter']),
    await as('Chief', ['editor']),
    await as('nobody-here', ['reporter']),
    await as('lawyer', ['legal']),
    await as('managing', ['managing']),
    await as('auditor', ['auditor']),
    await as('everything', ['reporter', 'editor', 'managing', 'legal', 'auditor']),
    { who: 'a program of the chief', token: (await machine(chief, all)).token, team: 'chief', acts: all },
    { who: 'a program of somebody who left', token: left.token, acts: editors },
    { who: 'a program of somebody who fell', token: demoted.token, team: 'reporter', acts: editors },
    {
      who: 'a program of another story',
      token: (await machine(await tokenOf('other', ['editor']), all, 'storm')).token,
      acts: [],
    },
    { who: 'a program whose token is revoked', token: revoked.token, refused: 401 },
    { who: 'a program whose token has expired', token: ended, refused: 401 },
    { who: 'a token of a program that never was', token: `dateline_${'n'.repeat(43)}`, refused: 401 },
  ];
}

test('every route that writes lets in whom the table of rights lets in, and nobody else', async () => {
  const { chief, development } = await story();
  const routes = await writes();
  const everybody = await callers(chief);
  const without = new Map<Does, string>();
  const all = [...machineActs.keys()];
  for (const act of all)
    without.set(
      act,
      (
        await machine(
          chief,
          all.filter(one => one !== act),
        )
      ).token,
    );
  /** Valid values of the parameters in paths. */
  const values: Record<string, string> = {
    ...{ story: 'flood', development, condition: 'rain', actor: 'mayor' },
    ...{ draft: 'desk-1', text: randomUUID(), machine: randomUUID(), proposal: 'a'.repeat(64) },
    ...{ upload: randomUUID(), part: '0' },
  };
  let tried = 0;
  const wrong: string[] = [];
  const ask = ({ method, path, does }: Tried, token: string | undefined) => {
    tried++;
    const url = path.replace(/\{([^}]+)\}/g, (_, name: string) => values[name] ?? `no value for ${name}`);
    return send(token, method, url, bodyFor(does));
  };
  for (const route of routes) {
    for (const caller of everybody) {
      const due = caller.refused ?? (may(caller, route.does) ? 'let in' : 403);
      const { status, body } = await ask(route, caller.token);
      const is = status === 401 || status === 403 ? status : status < 500 ? 'let in' : status;
      if (is !== due)
        wrong.push(`${route.does} answers ${caller.who} with ${status} ${body.code} ${body.detail} and not ${due}`);
    }
    const short = without.get(route.does);
    if (short && (await ask(route, short)).body.code !== 'wrong-act')
      wrong.push(`${route.does} lets in a program without that act`);
  }
  console.log(`${routes.length} routes that write, ${everybody.length} callers, ${tried} attempts`);
  expect(wrong).toEqual([]);
  expect(routes.length).toBeGreaterThan(35);
  expect(new Set(routes.map(({ does }) => does)).size).toBe(routes.length);
});
