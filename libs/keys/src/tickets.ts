import { KeptCaptions, KeptPicture, KeptRecording, type Kept } from '#domain';
import { createHmac, createSecretKey } from 'node:crypto';
import { z } from 'zod';
import { decryptJwe, encryptJwe } from './jwe.js';
import { KeyStoreError } from './port.js';

/** The id of the key of tickets in the store. No development has such an id. */
export const ticketKeyId = 'media:tickets';

const keyBytes = 32;
const sealing = (secret: Uint8Array) => createSecretKey(secret.subarray(0, keyBytes));
const headerOf = (story: string) => ({ kid: ticketKeyId, story });

// `picture` is what tickets were first made for: those that are about hold under this name.
const Ticket = z.strictObject({
  picture: z.union([KeptPicture, KeptRecording, KeptCaptions]),
  until: z.iso.datetime({ precision: 3 }),
});

/** Seals what was kept for a story, until an instant (ISO 8601, UTC, milliseconds). The ticket lets its holder show it there. */
export const sealTicket = (secret: Uint8Array, story: string, picture: Kept, until: string): string =>
  encryptJwe(sealing(secret), headerOf(story), JSON.stringify({ picture, until }));

/** What a ticket holds; undefined if the ticket is for another story, over, or not sealed with this secret. Never throws. */
export function openTicket(secret: Uint8Array, story: string, ticket: string, now: string): Kept | undefined {
  const plain = decryptJwe(sealing(secret), headerOf(story), ticket);
  if (!plain) return undefined;
  const { picture, until } = Ticket.parse(JSON.parse(plain.toString()));
  return now < until ? picture : undefined;
}

const uploadHeader = (upload: string, part: string) => ({ kid: ticketKeyId, upload, part });

/** Seals what the table of uploads holds of one: `part` says what. It can be opened for that upload alone. */
export const sealUpload = (secret: Uint8Array, upload: string, part: string, plain: object): string =>
  encryptJwe(sealing(secret), uploadHeader(upload, part), JSON.stringify(plain));

/** What was sealed for an upload. Throws `sealed-unreadable` of a KeyStoreError. */
export function openUpload(secret: Uint8Array, upload: string, part: string, sealed: string): unknown {
  const plain = decryptJwe(sealing(secret), uploadHeader(upload, part), sealed);
  if (!plain) throw new KeyStoreError('sealed-unreadable', ticketKeyId);
  return JSON.parse(plain.toString());
}

/** A keyed hash that tells files apart and cannot be compared with a file without the secret. */
export const markOf = (secret: Uint8Array, ...parts: readonly string[]): Buffer =>
  createHmac('sha256', secret.subarray(keyBytes)).update(JSON.stringify(parts)).digest();
