import { expect, test } from '@jest/globals';
import type { KeptPicture } from '#domain';
import { newSecret } from './sealing.js';
import { openTicket, sealTicket } from './tickets.js';

const file = { name: 'a'.repeat(64), sha256: 'b'.repeat(64), type: 'image/jpeg', width: 4, height: 3, size: 9 };
const picture: KeptPicture = { secret: 'A'.repeat(22), colour: '#224466', original: file, renditions: [file] };
const until = '2026-03-01T09:00:00.000Z';
const secret = newSecret();

test('a ticket opens with its secret, in its story and before its end', () => {
  const ticket = sealTicket(secret, 'flood', picture, until);
  expect(openTicket(secret, 'flood', ticket, '2026-03-01T08:59:59.999Z')).toEqual(picture);
  expect(openTicket(secret, 'flood', ticket, until)).toBeUndefined();
  expect(openTicket(secret, 'storm', ticket, '2026-03-01T08:00:00.000Z')).toBeUndefined();
  expect(openTicket(newSecret(), 'flood', ticket, '2026-03-01T08:00:00.000Z')).toBeUndefined();
  for (const changed of ['', 'x', `${ticket}x`, ticket.slice(1), ticket.replace('..', '.')])
    expect(openTicket(secret, 'flood', changed, '2026-03-01T08:00:00.000Z')).toBeUndefined();
});
