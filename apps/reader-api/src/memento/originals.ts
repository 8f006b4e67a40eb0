import { pathTo } from '#client';
import type { Original } from './links.js';

/** The resources of a story whose past states can be asked for by datetime. */
export const resources = {
  story: { path: '', timeMap: '/timemap', named: false },
  timeline: { path: '/timeline', timeMap: '/timemap/timeline', named: true },
} as const;
export type Resource = keyof typeof resources;

export function originalOf(base: string, story: string, resource: Resource): Original {
  const { path, timeMap } = resources[resource];
  const at = base + pathTo('stories', story);
  return { uri: at + path, timeMap: at + timeMap };
}
