import { ProvisioningError } from './errors.js';

export const WAYS = ['external', 'docker', 'native'] as const;
export type WayName = (typeof WAYS)[number];

/** What a way needs and has not got, as sentences for a person; empty when it is open. */
export type Lacks = Partial<Record<WayName, readonly string[]>>;

const titles: Record<WayName, string> = {
  external: 'your own servers',
  docker: 'containers',
  native: 'the same servers without containers',
};

/**
 * The ways to try, in order. `forced` (the environment's PROVISION) leaves one. Kept data leaves the way it was kept by,
 * after servers named from outside: another way would show an empty newsroom where there is a full one.
 */
export function waysToTry(forced: string | undefined, keptBy: WayName | undefined): readonly WayName[] {
  if (forced) {
    const way = WAYS.find(name => name === forced);
    if (!way) throw new ProvisioningError('unknown-way', `It is '${forced}'.`);
    return [way];
  }
  return keptBy ? [...new Set<WayName>(['external', keptBy])] : WAYS;
}

/** The one error for when no way is open; `keptBy` says that the data of an earlier run narrowed the choice. */
export function closed(lacks: Lacks, keptBy: WayName | undefined, dataDir: string): ProvisioningError {
  const lines = WAYS.filter(name => lacks[name]).map(
    name => `  - ${name} (${titles[name]}): ${lacks[name]?.join('; ')}`,
  );
  if (!keptBy) return new ProvisioningError('impossible', lines.join('\n'));
  return new ProvisioningError(
    'kept-elsewhere',
    [...lines, `${dataDir} was filled by '${keptBy}'. Open that way again, or begin anew: npm start -- --fresh`].join(
      '\n',
    ),
  );
}
