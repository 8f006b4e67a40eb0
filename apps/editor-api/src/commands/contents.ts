import { carriedBy, contentAfter, type Commit, type Content, type PayloadType } from '#domain';
import { openPayload, type Key } from '#keys';
import type { Layered } from '../state/layered.js';

/** A payload that carries a development's content or a part of it, sealed as in the log. */
export interface SealedContent {
  readonly type: PayloadType;
  readonly told: string;
  /** The position of its commit. */
  readonly position: number;
}

/** For each development, the last whole content, and after it the parts that replace some of it: the last one of each type. */
export type Contents = Layered<readonly SealedContent[]>;

/** The key of a development in dictionaries of all stories. Development ids are unique only within a story. */
export const keyInStory = (stream: string, development: string): string => `${stream}/${development}`;

/** Updates the contents with one more commit. It unseals nothing. Pure, and total. */
export function contentsAfter(held: Contents, { stream, position, events }: Commit): Contents {
  return events.reduce((now, { type, data }) => {
    const carried = carriedBy(type);
    if (!carried || !('told' in data && 'development' in data) || 'text' in data) return now;
    const key = keyInStory(stream, data.development);
    const sealed = { type: type as PayloadType, told: data.told, position };
    const before = carried === 'part' ? (now.get(key) ?? []).filter(one => one.type !== type) : [];
    return now.set(key, [...before, sealed]);
  }, held);
}

/** Opens a content. Null where its key was destroyed. Throws a KeyStoreError. */
export const openContent = (
  stream: string,
  development: string,
  sealed: readonly SealedContent[],
  key: Key | undefined,
): Content | null =>
  sealed.reduce<Content | null>((content, { type, told }) => {
    const payload = openPayload(stream, type, { development, told }, key);
    return payload && contentAfter(content, type, payload);
  }, null);
