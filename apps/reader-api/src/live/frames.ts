import { pageSafeJson } from '#pages';

/** Why a client must load the timeline again: the changes that it missed cannot be sent. */
export const resyncReasons = {
  'too-far-behind': 'You missed more changes than the stream resends. Load the timeline, then follow.',
  'too-long': 'A change was too long to send. Load the timeline, then follow.',
  'not-reached': 'This log has not reached the position. Load the timeline, then follow.',
  'folded-anew': 'Earlier positions of this story were rewritten. Load the timeline, then follow.',
  'another-log': 'The log was replaced by another one. Load the timeline, then follow.',
} as const;
/** The code of a reason for a reload. */
export type ResyncReason = keyof typeof resyncReasons;

/** Builds a frame of Server-Sent Events. Every client gets the same bytes. */
const frame = (event: string, position: number, data: object): Buffer =>
  Buffer.from(`id: ${position}\nevent: ${event}\ndata: ${pageSafeJson(data)}\n\n`);

/** How long a client waits before it reconnects, in milliseconds: a random time between these. */
const retry = { least: 1_000, most: 4_000 };

/**
 * The first line of a stream, in the block of its first event, because some clients take a separate block for an event. Each
 * client gets a different time, so that they do not all reconnect at once.
 */
export const opening = (chance: () => number = Math.random): Buffer =>
  Buffer.from(`retry: ${Math.round(retry.least + chance() * (retry.most - retry.least))}\n`);
/** A comment frame, which keeps proxies from closing an idle stream. */
export const heartbeat = Buffer.from(': still here\n\n');

/**
 * The first event. A client that loads the story after it has every change up to this position; the stream sends the later
 * ones.
 */
export const hello = (position: number, rewrites: number): Buffer => frame('hello', position, { position, rewrites });

/** Asks the client to load the timeline again. */
export const resync = (position: number, rewrites: number, reason: ResyncReason): Buffer =>
  frame('resync', position, { position, rewrites, reason, detail: resyncReasons[reason] });

/** One commit's changes to the timeline. */
export const change = (data: { readonly position: number }): Buffer => frame('change', data.position, data);
