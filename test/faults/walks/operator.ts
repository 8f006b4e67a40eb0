import { scrub, SwapRefused } from '#projections';
import { drop, keep, returnTo } from '../../../apps/audit/src/rebuild/builds.js';
import { rebuild, type RebuildOptions } from '../../../apps/audit/src/rebuild/rebuild.js';
import { abort, RebuildError } from '../../../apps/audit/src/rebuild/unfinished.js';
import { verify } from '../../../apps/audit/src/verify/verify.js';

type Stores = Pick<RebuildOptions, 'pool' | 'keys' | 'databaseUrl' | 'reader' | 'projections' | 'onProgress'>;

/** What an operator wants. */
export interface Wish {
  /** Chooses among what there is. */
  readonly pick: number;
  /** Asks for what most do not: to keep what is replaced, or to return to a build by its name. */
  readonly also: boolean;
  /** A build, by `pick`. */
  readonly build: string;
  readonly signal: AbortSignal;
}

const parts: readonly (readonly string[])[] = [[], [], [], ['timeline'], ['actors']];

/** The commands of an operator, as `npm run audit` runs them. */
export const commands = {
  rebuild: (it, { pick, also, signal }) =>
    rebuild({ ...it, named: parts[pick % parts.length]!, rate: undefined, keep: also, accept: pick % 2 === 0 }, signal),
  return: (it, { also, build, signal }) => returnTo(it, also ? build : undefined, signal),
  drop: ({ pool }, { build }) => drop(pool, build),
  keep: ({ pool }, { build }) => keep(pool, build),
  abort: ({ pool, databaseUrl }) => abort(pool, databaseUrl),
  scrub: ({ pool }) => scrub(pool),
  verify: (it, { signal }) => verify(it, signal),
} as const satisfies Record<string, (it: Stores, wish: Wish) => Promise<unknown>>;
export type CommandName = keyof typeof commands;

/** A rebuild of everything that goes live only if no row differs. */
export const wholeRebuild = { pick: 5, also: false } as const;

/** An error of a statement whose connection was lost. */
export const isLost = ({ message }: Error): boolean =>
  /Connection terminated|not queryable|Client was closed|terminating connection|ECONNRESET|EPIPE/.test(message);

/** A table was in use for longer than a scrub waits. */
const lockTimeout = '55P03';

/** Whether a command may end so, while others work beside it. */
export function isRefusal(error: Error, wasCut: boolean): boolean {
  if (error instanceof RebuildError || error instanceof SwapRefused) return true;
  if (wasCut && (isLost(error) || error.message.startsWith('The connection that holds'))) return true;
  const { code } = error as { code?: string };
  return code === lockTimeout || /^Build .* no longer exists|^Another projector moved/.test(error.message);
}
