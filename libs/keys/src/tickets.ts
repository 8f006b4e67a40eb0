import { KeptPicture } from '#domain';
import { createSecretKey } from 'node:crypto';
import { z } from 'zod';
import { decryptJwe, encryptJwe } from './jwe.js';

/** The id of the key of tickets in the store. No development has such an id. */
export const ticketKeyId = 'media:tickets';

const keyBytes = 32;
const sealing = (secret: Uint8Array) => createSecretKey(secret.subarray(0, keyBytes));
const headerOf = (story: string) => ({ kid: ticketKeyId, story });

const Ticket = z.strictObject({ picture: KeptPicture, until: z.iso.datetime({ precision: 3 }) });

/** Seals a picture that was kept for a story, until an instant (ISO 8601, UTC, milliseconds). The ticket lets its holder show the picture there. */
export const sealTicket = (secret: Uint8Array, story: string, picture: KeptPicture, until: string): string =>
  encryptJwe(sealing(secret), headerOf(story), JSON.stringify({ picture, until }));

/** The picture of a ticket; undefined if the ticket is for another story, over, or not sealed with this secret. Never throws. */
export function openTicket(secret: Uint8Array, story: string, ticket: string, now: string): KeptPicture | undefined {
  const plain = decryptJwe(sealing(secret), headerOf(story), ticket);
  if (!plain) return undefined;
  const { picture, until } = Ticket.parse(JSON.parse(plain.toString()));
  return now < until ? picture : undefined;
}
