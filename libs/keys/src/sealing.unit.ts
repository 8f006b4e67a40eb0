import { canonicalJson, type Commit, type Content, type DomainEvent, type OpaqueEvent } from '#domain';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compactDecrypt, CompactEncrypt } from 'jose';
import type { Keys } from './port.js';
import { newSecret, open, openAll, outlined, seal, keyIdsIn } from './sealing.js';

const [a, b] = ['a', 'b'].map(digit => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [string, string];
const stream = 'story:count';
const [secret, other] = [newSecret(), newSecret()];
const keys: Keys = new Map([
  [a, { secret }],
  [b, { secret: other }],
]);
const secrets = new Map([
  [a, secret],
  [b, other],
]);

const content = (summary: string): Content => ({
  kind: 'context',
  headline: 'It goes on',
  data: { topic: 'The count', summary },
  occurred: { precision: 'unknown' },
  sourcing: { basis: 'desk', standing: 'reported' },
  modality: { mode: 'conditional', conditions: [{ id: 'rain', text: 'it rains' }] },
});
const recorded = (development: string, said = content('So.'), under = secrets.get(development)): OpaqueEvent => ({
  type: 'DevelopmentRecorded',
  data: { development, outline: outlined(said, under), told: { content: said } },
});
const retracted = (development: string): OpaqueEvent => ({
  type: 'DevelopmentRetracted',
  data: { development, told: { reason: 'It rained.' } },
});
const pinned: OpaqueEvent = { type: 'DevelopmentPinned', data: { development: a } };

const commit = (events: DomainEvent[], of = stream): Commit => ({
  id: 'c',
  stream: of,
  seq: 1,
  parent: 'p',
  position: 2,
  recorded: '2026-01-01T00:00:00.000Z',
  command: 'k',
  by: { id: 'ed' },
  events,
});
const opened = (events: DomainEvent[], held: Keys = keys, of = stream) => open(commit(events, of), held);
const toldIn = (event: DomainEvent) => (event.data as { told: string }).told;
const withTold = (event: DomainEvent, told: string) => ({ ...event, data: { ...event.data, told } }) as DomainEvent;
const unreadable = (what: RegExp) => ({ unreadable: expect.stringMatching(what), because: expect.any(Error) });

describe('the payload of a commit', () => {
  test('a sealed commit opens to the same events, and its public fields do not change', () => {
    const events = [recorded(a), pinned, retracted(b)];
    const sealed = seal(stream, events, secrets);
    expect(opened(sealed)).toEqual({ commit: { ...commit(sealed), events, sealed } });
    expect([...keyIdsIn(events)]).toEqual([a, b]);
  });

  test('a sealed payload does not contain its text, and the same content has another digest under another key', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, unit: fc.constantFrom(...'abcdefgh') }), said => {
        const text = JSON.stringify(seal(stream, [recorded(a, content(`${said}!`))], secrets));
        for (const form of [`${said}!`, Buffer.from(said).toString('base64url')]) expect(text).not.toContain(form);
      }),
    );
    expect(outlined(content('So.'), secret).digest).not.toBe(outlined(content('So.'), other).digest);
    expect(outlined(content('So.'), secret)).toEqual({
      kind: 'context',
      standing: 'reported',
      conditions: ['rain'],
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('a payload is null after its key was destroyed, and the rest of the event stays', () => {
    const gone: Keys = new Map([[a, { destroyed: '2026-01-02T00:00:00.000Z' }]]);
    const [event] = seal(stream, [recorded(a)], secrets);
    expect(opened([event!], gone)).toMatchObject({
      commit: { events: [{ type: 'DevelopmentRecorded', data: { development: a, told: null } }], sealed: [event] },
    });
  });

  test('a payload does not open without its key, with another key, or if one character was changed', () => {
    const [event] = seal(stream, [recorded(a)], secrets);
    expect(opened([event!], new Map())).toEqual(unreadable(/lacks the key of a development/));
    expect(opened([event!], new Map([[a, { secret: other }]]))).toEqual(
      unreadable(/does not decrypt it at this place/),
    );
    const told = toldIn(event!);
    fc.assert(
      fc.property(fc.nat(told.length - 1), at => {
        const changed = `${told.slice(0, at)}${told[at] === 'A' ? 'B' : 'A'}${told.slice(at + 1)}`;
        expect(opened([withTold(event!, changed)])).toHaveProperty('unreadable');
      }),
      { numRuns: 1_000 },
    );
  });

  test('a payload does not open in another story, development or type of event', () => {
    const [of_a, of_b] = seal(stream, [recorded(a), recorded(b)], secrets) as [DomainEvent, DomainEvent];
    const same: Keys = new Map([
      [a, { secret }],
      [b, { secret }],
    ]);
    expect(opened([of_a], keys, 'story:other')).toEqual(unreadable(/does not decrypt it/));
    expect(opened([withTold(of_b, toldIn(of_a))], same)).toEqual(unreadable(/does not decrypt it/));
    const corrected = { ...of_a, type: 'DevelopmentCorrected' } as DomainEvent;
    expect(opened([corrected])).toEqual(unreadable(/does not decrypt it/));
  });

  test('a payload that contradicts its outline is unreadable', () => {
    const lying = {
      ...recorded(a),
      data: { ...recorded(a, content('Other.')).data, told: { content: content('So.') } },
    };
    expect(opened(seal(stream, [lying as OpaqueEvent], secrets))).toEqual(unreadable(/public metadata/));
  });

  test("a payload that does not match its event's schema, or is not canonical JSON, is unreadable", async () => {
    const [event] = seal(stream, [{ ...retracted(a), data: { development: a, told: { why: 'x' } } } as never], secrets);
    expect(opened([event!])).toEqual(unreadable(/schema/));
    const [good] = seal(stream, [retracted(a)], secrets);
    const header = JSON.parse(Buffer.from(toldIn(good!).split('.')[0]!, 'base64url').toString());
    const encrypted = (text: string) =>
      new CompactEncrypt(Buffer.from(text)).setProtectedHeader(header).encrypt(secret.subarray(0, 32));
    expect(opened([withTold(good!, await encrypted('{"reason":"It rained."}'))])).toHaveProperty('commit');
    expect(opened([withTold(good!, await encrypted('{"reason": "It rained."}'))])).toEqual(unreadable(/canonical/));
  });

  test('a payload is a standard JWE: another library decrypts it with the key', async () => {
    const [event] = seal(stream, [retracted(a)], secrets);
    const { plaintext, protectedHeader } = await compactDecrypt(toldIn(event!), secret.subarray(0, 32));
    expect(Buffer.from(plaintext).toString()).toBe(canonicalJson({ reason: 'It rained.' }));
    expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', kid: a, stream, event: 'DevelopmentRetracted' });
  });

  test('several commits are opened with one request for keys; a missing key rejects with key-missing', async () => {
    const commits = [commit(seal(stream, [recorded(a)], secrets)), commit(seal(stream, [retracted(b)], secrets))];
    const asked: string[][] = [];
    const keysOf = async (developments: Iterable<string>) => (asked.push([...developments]), keys);
    expect(await openAll({ keysOf }, commits)).toHaveLength(2);
    expect(asked).toEqual([[a, b]]);
    await expect(openAll({ keysOf: async () => new Map() }, commits)).rejects.toMatchObject({ code: 'key-missing' });
  });
});
