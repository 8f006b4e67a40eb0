import { decisions, storyStream, type OpaqueEvent } from '#domain';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { at, id, said, secrets, story, withContent, Writing } from '../newsroom.fixture.js';
import { examineAll, unseen, type Examined } from '../verify/examine.js';
import { mostPositionsNamed, type Expecting } from './seen.js';
import { Certifying } from './signing.fixture.js';

const keysOf = async (developments: Iterable<string>) =>
  new Map([...developments].map(development => [development, { secret: secrets.get(development) }]));
const examined = (log: Writing, expecting: Expecting = {}): Promise<Examined> =>
  examineAll(unseen, log.read(), { keysOf }, expecting);

let newsroom: Certifying;
let ann: ReturnType<Certifying['author']>;
let lea: ReturnType<Certifying['author']>;
beforeAll(async () => {
  newsroom = await Certifying.open();
  ann = newsroom.author({ id: 'ann', name: 'Ann' }, ['editor']);
  lea = newsroom.author({ id: 'lea' }, ['legal']);
});

const development = id(1);
const reason = 'A court ordered it.';
const recording = {
  does: 'record-development',
  body: { content: { ...said('No. 1'), headline: undefined } },
};
const opened = () =>
  new Writing().register('mayor', 'Mayor').decide(
    decisions.openStory({
      text: 'ffffffff-0000-4000-8000-000000000000',
      zone: 'Europe/Oslo',
      told: { title: 'The storm' },
    }),
  );
const next = (log: Writing) => at(log.position + 1);
const stream = storyStream(story);

/** A story with one signed development. */
async function recorded(
  more: Parameters<ReturnType<Certifying['author']>>[2] = {},
  content = said('No. 1', { headline: 'Mayor: “No. 1”' }),
): Promise<Writing> {
  const log = opened();
  const posted = decisions.recordDevelopment({ ...withContent(1, content), as: 'editor', rules: 2 });
  return log.decide(posted, await ann(recording, next(log), more));
}

/** A takedown that Ann proposed and signed, and the approval's events. */
async function proposed(): Promise<[Writing, OpaqueEvent[], string]> {
  const log = await recorded();
  const asked = { does: 'propose-takedown', target: { story, development }, body: { ground: 'legal', reason } };
  const data = { development, ground: 'legal', as: 'editor', told: { reason }, rules: 2 } as const;
  log.decide(decisions.proposeTakedown(data), await ann(asked, next(log)));
  const proposal = log.records.at(-1)!.id;
  const approved: OpaqueEvent = { type: 'ProposalApproved', data: { development, proposal, as: 'legal', rules: 2 } };
  return [log, [approved, { type: 'ContentShredded', data: { development, ground: 'legal', proposal } }], proposal];
}
const approving = (proposal: string) => ({ does: 'approve-proposal', target: { story, proposal } });

describe('commits that their authors signed', () => {
  test('are counted, and the events are what the signed commands asked for', async () => {
    const [log, events, proposal] = await proposed();
    log.append(stream, events, await lea(approving(proposal), next(log)));
    const { first, signatures } = await examined(log, { certifiers: [newsroom.fingerprint] });
    expect(first).toBeUndefined();
    expect(signatures).toMatchObject({
      signed: 3,
      unsigned: { count: 2, positions: [2, 3] },
      unproven: { count: 0 },
      certifiers: [newsroom.fingerprint],
    });
  });

  test('a commit without a signature is a fault from the named position on, and only counted before it', async () => {
    const log = await recorded();
    log.decide(decisions.pin({ development }));
    expect((await examined(log, { from: 6 })).first).toBeUndefined();
    expect((await examined(log, { from: 4 })).first).toMatchObject({ code: 'not-signed', position: 5, stream, seq: 3 });
    expect((await examined(log)).signatures.unsigned).toEqual({ count: 3, positions: [2, 3, 5] });
  });

  test(`at most ${mostPositionsNamed} commits without a signature are named, and all are counted`, async () => {
    const log = opened();
    for (let number = 1; log.position < mostPositionsNamed + 1; number++)
      log.decide(decisions.recordDevelopment(withContent(number, said(`No. ${number}`))));
    const named = async () => (await examined(log)).signatures.unsigned;
    expect(await named()).toMatchObject({ count: mostPositionsNamed });
    log.decide(decisions.closeStory({}));
    const { count, positions } = await named();
    expect([count, positions.length]).toEqual([mostPositionsNamed + 1, mostPositionsNamed]);
  });
});

describe('forgeries', () => {
  const faultOf = async (log: Writing, expecting?: Expecting) => (await examined(log, expecting)).first?.code;

  test('an approval that somebody appended in the name of the lawyer, without a key, is found', async () => {
    const [log, events] = await proposed();
    log.append(stream, events, { by: { id: 'lea' } });
    expect(await faultOf(log)).toBeUndefined();
    expect((await examined(log)).signatures.unsigned.positions).toContain(6);
    expect(await faultOf(log, { from: 4 })).toBe('not-signed');
  });

  test('an approval that the proposer signed in the name of the lawyer is found', async () => {
    const [log, events, proposal] = await proposed();
    const signed = await ann(approving(proposal), next(log));
    log.append(stream, events, { ...signed, by: { id: 'lea' } });
    expect(await faultOf(log)).toBe('signed-for-another');
  });

  test('an approval with the certificate of another person is found', async () => {
    const [log, events, proposal] = await proposed();
    const [own, other] = [await ann(approving(proposal), next(log)), await lea(approving(proposal), next(log))];
    const mixed = { certificate: other.signed.certificate, command: own.signed.command };
    log.append(stream, events, { ...other, command: own.command, signed: mixed });
    expect(await faultOf(log)).toBe('bad-author-signature');
  });

  test.each<[string, Parameters<ReturnType<Certifying['author']>>[2], string]>([
    ['is that of another person', { certificate: { sub: 'ben' } }, 'not-certified'],
    ['has another name', { certificate: { name: 'Anne' } }, 'not-certified'],
    ['is for another log', { certificate: { log: 'urn:dateline:other' } }, 'not-certified'],
    ['had ended', { certificate: { iat: 1, exp: 2 } }, 'not-certified'],
    ['gives no right to record', { certificate: { roles: ['legal'] } }, 'not-their-right'],
    ['gives another role than the commit names', { certificate: { roles: ['reporter'] } }, 'not-their-right'],
    ['is for another story', { certificate: { story: 'flood', acts: ['record-development'] } }, 'not-their-right'],
    ['is for other acts', { certificate: { story, acts: ['correct-development'] } }, 'not-their-right'],
    ['is for another story’s stream', { statement: { stream: 'story:flood' } }, 'signed-for-another'],
    ['is for another key', { statement: { command: 'other' } }, 'signed-for-another'],
    ['is for another log’s command', { statement: { log: 'urn:dateline:other' } }, 'signed-for-another'],
    ['is of another day', { statement: { time: '2026-01-02T12:00:00.000Z' } }, 'signed-out-of-time'],
  ])('a certificate or signature that %s is found', async (_, more, code) =>
    expect(await faultOf(await recorded(more))).toBe(code),
  );

  test('a certificate of another certifier is found, and one that nobody named is not compared', async () => {
    const log = await recorded();
    expect(await faultOf(log, { certifiers: [(await Certifying.open()).fingerprint] })).toBe('not-certified');
    expect(await faultOf(log)).toBeUndefined();
  });

  const pinning = { does: 'pin-development', target: { story, development } };
  const unpinning = { does: 'unpin-development', target: { story, development } };

  test('a signed command that somebody without a key appended a second time is found', async () => {
    const log = await recorded();
    const pin = await ann(pinning, next(log));
    log.decide(decisions.pin({ development }), pin);
    log.decide(decisions.unpin({ development }), await ann(unpinning, next(log)));
    expect(await faultOf(log)).toBeUndefined();
    log.decide(decisions.pin({ development }), { ...pin, recorded: next(log) });
    expect((await examined(log)).first).toMatchObject({
      code: 'signed-for-another',
      position: 7,
      detail: expect.stringContaining('position 5'),
    });
  });

  test('the Idempotency-Key of another author is no copy, and a command that is too old for one is forgotten', async () => {
    const log = await recorded();
    const first = log.position + 1;
    const ben = newsroom.author({ id: 'ben' }, ['editor']);
    const named = { statement: { command: 'mine' } };
    log.decide(decisions.pin({ development }), { ...(await ann(pinning, at(first), named)), command: 'mine' });
    log.decide(decisions.unpin({ development }), { ...(await ben(unpinning, at(first), named)), command: 'mine' });
    const both = await examined(log);
    expect([both.first, both.signatures.counted.size]).toEqual([undefined, 3]);
    log.decide(decisions.pin({ development }), await ann(pinning, '2026-01-01T15:00:00.000Z'));
    const later = await examined(log);
    expect([later.first, later.signatures.signed, later.signatures.counted.size]).toEqual([undefined, 4, 1]);
  });

  test('a text that the editor-api changed is found', async () => {
    const log = await recorded({}, said('No. 2'));
    expect((await examined(log)).first).toMatchObject({ code: 'not-asked-for', position: 4 });
  });

  test('a headline that the editor-api made up is found', async () => {
    const log = await recorded({}, said('No. 1', { headline: 'Mayor resigns' }));
    expect(await faultOf(log)).toBe('not-asked-for');
  });

  test('a key that signs for the time when its certificate was valid, after others signed later, is found', async () => {
    const log = await recorded();
    log.decide(decisions.pin({ development }), await ann(pinning, '2026-01-01T15:00:00.000Z'));
    log.decide(decisions.unpin({ development }), await ann(unpinning, next(log)));
    expect((await examined(log)).first).toMatchObject({ code: 'signed-out-of-time', position: 6 });
  });
});
