import { KeyDigest, KeyLine, readCommitLine } from '#bundle';
import { arbitrate, decode, emptyLog } from '#event-log';
import type { KeyStore } from '#keys';
import { shredsOf } from '#projections';
import { linesOf } from './check/files.js';
import type { KeySource } from './export.js';

const atOnce = 1_000;

/** The keys that a store still has. */
export const heldKeys =
  (store: Pick<KeyStore, 'keysOf'>): KeySource =>
  async developments => {
    const held = new Map<string, Uint8Array>();
    const ids = [...developments];
    for (let at = 0; at < ids.length; at += atOnce)
      for (const [development, key] of await store.keysOf(ids.slice(at, at + atOnce)))
        if ('secret' in key) held.set(development, key.secret);
    return held;
  };

/** Developments that the bundle's own log says are taken down. */
async function shreddedIn(folder: string): Promise<string[]> {
  const shredded: string[] = [];
  let state = emptyLog;
  for await (const line of linesOf(folder, 'commits.jsonl')) {
    const { headers, value } = readCommitLine(line)!;
    const [next, verdict] = arbitrate(state, headers);
    state = next;
    // Most commits need not be read for it.
    const read = verdict.won && Buffer.from(value).includes('ContentShredded') && decode(headers, value, verdict);
    if (read && 'commit' in read) shredded.push(...shredsOf([read.commit]).map(({ development }) => development));
  }
  return shredded;
}

/**
 * Puts back the keys of a bundle that was found whole; those that were taken out of it since, or that its log says are
 * destroyed, are gone for good.
 */
export async function restoreKeys(folder: string, store: Pick<KeyStore, 'adopt' | 'destroy'>): Promise<number> {
  const keys = new Map<string, Uint8Array>();
  for await (const line of linesOf(folder, 'keys.jsonl')) {
    const { development, key } = KeyLine.parse(JSON.parse(line));
    keys.set(development, Buffer.from(key, 'base64url'));
  }
  const removed: string[] = [];
  for await (const line of linesOf(folder, 'key-digests.jsonl')) {
    const { development } = KeyDigest.parse(JSON.parse(line));
    if (!keys.has(development)) removed.push(development);
  }
  const shredded = await shreddedIn(folder);
  for (const development of shredded) keys.delete(development);
  await store.adopt(keys);
  await store.destroy([...removed, ...shredded]);
  return keys.size;
}
