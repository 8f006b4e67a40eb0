import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of V8’s `--cpu-prof` file that is read here. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
}

/** The part of the program that a frame belongs to: a package, a library, an app, or V8’s own name for it. */
export function partOf({ functionName, url }: Profile['nodes'][number]['callFrame']): string {
  if (url === '') return functionName;
  const fromPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (fromPackage) return fromPackage;
  const ours = /\/dist\/((?:apps|libs)\/[^/]+)\//.exec(url)?.[1];
  return ours ?? (url.startsWith('node:') ? url.replace(/^node:(internal\/)?([^/]+).*/, 'node:$2') : url);
}

/** The share of each part in the time when the process was not idle, sorted from the largest. */
export function sharesOf({ nodes, samples }: Profile): { readonly part: string; readonly share: number }[] {
  const parts = new Map(nodes.map(({ id, callFrame }) => [id, partOf(callFrame)]));
  const counts = new Map<string, number>();
  let all = 0;
  for (const sample of samples) {
    const part = parts.get(sample)!;
    if (part === '(idle)') continue;
    all++;
    counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  return [...counts].map(([part, count]) => ({ part, share: count / all })).toSorted((a, b) => b.share - a.share);
}

/** The profiled program: an app, or a program of the bench. */
const programOf = ({ nodes }: Profile): string | undefined =>
  nodes
    .map(({ callFrame }) => /\/dist\/(?:apps|test\/bench)\/((?:bare\/)?[^/.]+)/.exec(callFrame.url)?.[1])
    .find(name => name !== undefined);

const shownParts = 14;

/** One line for each profile in a folder. */
export const profilesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter(name => name.endsWith('.cpuprofile'))
    .map(name => {
      const profile = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile;
      const shares = sharesOf(profile).slice(0, shownParts);
      return `${programOf(profile) ?? name}: ${shares.map(({ part, share }) => `${part} ${(share * 100).toFixed(1)} %`).join(', ')}`;
    });
