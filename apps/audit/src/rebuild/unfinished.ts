import { inTransaction, tryLock, type Lock, type Pool } from '#postgres';
import { buildName, dropBuild, rebuildLock, unfinishedBuilds, type Projection } from '#projections';
import { randomUUID } from 'node:crypto';

/** The reasons for which a rebuild or a change of builds is refused. Each message says what to do next. */
export const rebuildErrors = {
  'nothing-live': 'No build is live yet. Start the projector, which creates one.',
  'other-version':
    'The live build has other projections than this version. Deploy this version: its projector builds a new one and makes it live automatically.',
  'another-runs':
    'Another rebuild is running on this database. Wait for it, or stop it with Ctrl-C; you can resume or abort it then.',
  'unfinished-other':
    'There is an unfinished rebuild that this command cannot continue. Remove it with --abort, or give the same options as before.',
  'no-such-projection': 'No projection has this name.',
  'no-such-build': 'No build has this name. List them with: npm run audit -- builds',
  'is-live': 'This build is live. Make another one live first.',
  'not-allowed': 'This role may not drop it. Sign in to Postgres as the projector’s role, or as its owner.',
  'not-yours':
    'That build has other projections than this version. Start the projector of the version that made it, and run this command in that version.',
  'must-fold':
    'This version has no build that readers used before. Start its projector: it folds the log into a new build, which becomes live when it has caught up. You need no command then.',
  'folds-another':
    'The projector of this version folds another one of its builds. Stop the projectors of this version, run this command again, and start them at once when it has ended.',
  'stands-still':
    'The projector of this version has not moved this build for a minute. Look at its log; or stop the projectors of this version, run this command again, and start them at once when it has ended.',
} as const;
/** The code of a refusal. */
export type RebuildErrorCode = keyof typeof rebuildErrors;

/** A rebuild or a change of builds was refused. The live build stays as it was. */
export class RebuildError extends Error {
  constructor(
    readonly code: RebuildErrorCode,
    detail?: string,
  ) {
    super(detail ? `${rebuildErrors[code]} (${detail})` : rebuildErrors[code]);
  }
}

/** Takes the lock that allows one rebuild at a time. If another one runs, the error contains its progress. */
export async function lockRebuilds(pool: Pool, databaseUrl: string): Promise<Lock> {
  const lock = await tryLock(databaseUrl, rebuildLock);
  if (lock) return lock;
  const [other] = await unfinishedBuilds(pool);
  throw new RebuildError('another-runs', other && `${other.name} is at position ${other.position}`);
}

/** The build's name: of the rebuild that can be continued, or a new one. Names are never used again. */
export async function nameOf(pool: Pool, all: readonly Projection[], named: readonly string[]): Promise<string> {
  const made = buildName(all);
  const [begun] = await unfinishedBuilds(pool);
  if (!begun) return `${made}_${randomUUID().slice(0, 8)}`;
  const of = begun.folded?.join(' ');
  if (begun.made !== made) throw new RebuildError('unfinished-other', `${begun.name}, of another version`);
  // A build of all projections satisfies any request.
  if (of !== undefined && of !== named.join(' '))
    throw new RebuildError('unfinished-other', `${begun.name} was started with: ${of}`);
  return begun.name;
}

/** Drops the unfinished builds of a rebuild, of any version. Resolves to their names. */
export async function abort(pool: Pool, databaseUrl: string): Promise<string[]> {
  const lock = await lockRebuilds(pool, databaseUrl);
  try {
    const begun = await unfinishedBuilds(pool);
    for (const { name } of begun) await inTransaction(pool, 'write', client => dropBuild(client, name));
    return begun.map(({ name }) => name);
  } finally {
    await lock.release();
  }
}
