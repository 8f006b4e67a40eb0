import type { DomainEvent, OpaqueEvent } from '#domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { act } from '../frozen/acts.js';
import { actsEnv } from '../frozen/captured.js';
import { appendPast, recordsOf } from '../harness/appending.js';
import { audit, lastLine } from '../harness/audit.js';
import { Client } from '../harness/client.js';
import { TestNewsroom } from '../harness/newsroom.js';

let newsroom: TestNewsroom;
let folder: string;
/** The position of the last commit of the story of every act. */
let last: number;

beforeAll(async () => {
  newsroom = await TestNewsroom.open({ env: actsEnv });
  folder = await mkdtemp(join(tmpdir(), 'forged-'));
  last = await act(newsroom);
});
afterAll(async () => {
  await newsroom?.close();
  await rm(folder, { recursive: true, force: true });
});

const verified = async (...args: string[]) => {
  const ran = await audit(newsroom, 'verify', '--json', ...args).ended;
  return { code: ran.code, ...lastLine(ran) };
};

test('every act that its author signed is found to be asked for by its author, and the lift at its hour by the newsroom', async () => {
  await newsroom.seen(last);
  const { code, first, equal, signatures, winners } = await verified();
  expect({ code, first, equal }).toEqual({ code: 0, first: null, equal: true });
  const unsigned = (await recordsOf(newsroom)).filter(({ value }) => !Buffer.from(value).includes('"signed":'));
  const which = unsigned.map(({ headers }) => headers.ce_type!.replace('dateline.', ''));
  // The classifications name the actor by an alias, so they could not be signed.
  expect(which).toEqual(['LogOpened', 'DevelopmentClassified', 'DevelopmentClassified']);
  expect(signatures).toMatchObject({ signed: winners - 3, unsigned: { count: 2 }, certifierChecked: true });
  expect(signatures.certifiers).toHaveLength(1);
});

test('a program signs with a key that is certified for its story and its acts', async () => {
  const ann = await (await newsroom.as(['editor'], 0, 'ann')).signing();
  await ann.post('/stories', { id: 'gauge', title: 'The gauge', zone: 'UTC' });
  const wanted = {
    name: 'Gauge',
    acts: ['record-development'],
    expires: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const { token, id } = (await ann.post('/stories/gauge/machines', wanted)).body;
  const program = await new Client(newsroom.editors[0]!.url, { Authorization: `Bearer ${token}` }).signing();
  const update = { content: { kind: 'update', data: {}, body: 'The water is at two metres.' } };
  const { status, body } = await program.post('/stories/gauge/developments', update);
  expect(status).toBe(201);
  const { signed } = JSON.parse(Buffer.from((await recordsOf(newsroom)).at(-1)!.value).toString());
  const claims = JSON.parse(Buffer.from(signed.certificate.split('.')[1], 'base64url').toString());
  const due = { sub: `machine:${id}`, maker: 'ann', story: 'gauge', acts: ['record-development'] };
  expect(claims).toMatchObject(due);
  last = body.position;
  const { first, signatures } = await verified('--signed-from', String(last));
  expect([first, signatures.unsigned.count]).toEqual([null, 2]);
});

test('the approval of a takedown that somebody appends with a stolen password for Kafka is found by verify and by check', async () => {
  const editor = await (await newsroom.as(['editor'], 0, 'ann')).signing();
  await editor.post('/stories', { id: 'harbour', title: 'The harbour', zone: 'UTC' });
  const update = { content: { kind: 'update', data: {}, body: 'The harbour is closed.' } };
  const { development } = (await editor.post('/stories/harbour/developments', update)).body;
  const proposing = { ground: 'legal', reason: 'A court ordered it.' };
  const path = `/stories/harbour/developments/${development}/propose-takedown`;
  const { commit: proposal, position } = (await editor.post(path, proposing)).body;
  const events: OpaqueEvent[] = [
    { type: 'ProposalApproved', data: { development, proposal, as: 'legal', rules: 3 } },
    { type: 'ContentShredded', data: { development, ground: 'legal', proposal } },
  ];
  await appendPast(newsroom, 'story:harbour', { id: 'lea', name: 'lea' }, events as DomainEvent[]);
  await newsroom.seen(position + 1);

  // It is allowed by all rules, so that only its author is missing.
  const open = await verified();
  expect([open.code, open.first]).toEqual([0, null]);
  expect(open.signatures.unsigned.positions).toContain(position + 1);
  const strict = await verified('--signed-from', String(last + 1));
  const found = { code: 'not-signed', stream: 'story:harbour', position: position + 1 };
  expect(strict).toMatchObject({ code: 1, faults: 1, first: found });

  const bundle = join(folder, 'bundle');
  expect((await audit(newsroom, 'export', '--all', '--to', bundle).ended).code).toBe(0);
  const checked = await audit(newsroom, 'check', bundle, '--signed-from', String(last + 1), '--json').ended;
  expect([checked.code, lastLine(checked)]).toMatchObject([1, { faults: 1, first: found }]);
  const lax = lastLine(await audit(newsroom, 'check', bundle, '--json').ended);
  expect(lax).toMatchObject({
    whole: true,
    signatures: { unsigned: { count: 3 }, unproven: { count: open.signatures.unproven.count } },
  });
});
