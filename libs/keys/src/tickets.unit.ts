import { expect, test } from '@jest/globals';
import { credentialsBounds, mediaBounds, mostRenditions, type KeptPicture } from '#domain';
import { newSecret } from './sealing.js';
import type { KeyStoreError } from './port.js';
import { markOf, openTicket, openUpload, sealTicket, sealUpload } from './tickets.js';

const file = { name: 'a'.repeat(64), sha256: 'b'.repeat(64), type: 'image/jpeg', width: 4, height: 3, size: 9 };
const picture: KeptPicture = { secret: 'A'.repeat(22), colour: '#224466', original: file, renditions: [file] };
const until = '2026-03-01T09:00:00.000Z';
const secret = newSecret();

test('the largest picture fits into a ticket that a command takes', () => {
  const text = (length: number) => '\u{1F600}'.repeat(length / 2);
  const { signer, tool, actions } = credentialsBounds;
  const largest: KeptPicture = {
    ...picture,
    renditions: Array(mostRenditions).fill({ ...file, width: 16_000, height: 16_000, size: 100_000_000 }),
    credentials: {
      ...{ state: 'trusted', signer: text(signer), signed: until, tool: text(tool), generated: true },
      actions: Array(actions).fill('a'.repeat(40)),
    },
  };
  const ticket = sealTicket(secret, 's'.repeat(64), largest, until);
  expect(ticket.length).toBeLessThanOrEqual(mediaBounds.ticket);
  expect(openTicket(secret, 's'.repeat(64), ticket, '2026-03-01T08:00:00.000Z')).toEqual(largest);
});

test('a ticket opens with its secret, in its story and before its end', () => {
  const ticket = sealTicket(secret, 'flood', picture, until);
  expect(openTicket(secret, 'flood', ticket, '2026-03-01T08:59:59.999Z')).toEqual(picture);
  expect(openTicket(secret, 'flood', ticket, until)).toBeUndefined();
  expect(openTicket(secret, 'storm', ticket, '2026-03-01T08:00:00.000Z')).toBeUndefined();
  expect(openTicket(newSecret(), 'flood', ticket, '2026-03-01T08:00:00.000Z')).toBeUndefined();
  for (const changed of ['', 'x', `${ticket}x`, ticket.slice(1), ticket.replace('..', '.')])
    expect(openTicket(secret, 'flood', changed, '2026-03-01T08:00:00.000Z')).toBeUndefined();
});

test('what is sealed for an upload opens for it alone, and each part apart', () => {
  const sealed = sealUpload(secret, 'u1', 'secrets', { name: 'crane.jpg' });
  expect(openUpload(secret, 'u1', 'secrets', sealed)).toEqual({ name: 'crane.jpg' });
  const codeOf = (open: () => unknown) => {
    try {
      return open();
    } catch (error) {
      return (error as KeyStoreError).code;
    }
  };
  expect(codeOf(() => openUpload(secret, 'u2', 'secrets', sealed))).toBe('sealed-unreadable');
  expect(codeOf(() => openUpload(secret, 'u1', 'answer', sealed))).toBe('sealed-unreadable');
  expect(codeOf(() => openUpload(newSecret(), 'u1', 'secrets', sealed))).toBe('sealed-unreadable');
});

test('a mark is the same for the same words and secret alone', () => {
  const mark = markOf(secret, 'ann', 'flood');
  expect(markOf(secret, 'ann', 'flood')).toEqual(mark);
  expect(markOf(secret, 'an', 'nflood')).not.toEqual(mark);
  expect(markOf(newSecret(), 'ann', 'flood')).not.toEqual(mark);
});
