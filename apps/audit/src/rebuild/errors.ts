/** Why a rebuild, or what is done about builds, is refused. Each says what to do next. */
export const rebuildErrors = {
  'nothing-live': 'No build is live yet. Start the projector, which makes one.',
  'other-version':
    'The live build was made by other projections than this version’s. Deploy this version: its projector builds beside the live build and takes its place by itself.',
  'another-runs':
    'Another rebuild runs on this database. Wait for it, or end it with Ctrl-C where it runs; it can be resumed or aborted then.',
  'unfinished-other':
    'An unfinished rebuild stands there that this one cannot go on with. Remove it with --abort, or name what it was begun with.',
  'no-such-projection': 'There is no such projection.',
  'no-such-build': 'There is no such build. List them with: npm run audit -- builds',
  'is-live': 'Readers read this build. Give them another one first.',
  'not-yours':
    'That build was made by other projections than this version’s: start the projector of the version that made it, and run this command of that version.',
} as const;
export type RebuildErrorCode = keyof typeof rebuildErrors;

export class RebuildError extends Error {
  constructor(
    readonly code: RebuildErrorCode,
    detail?: string,
  ) {
    super(detail ? `${rebuildErrors[code]} (${detail})` : rebuildErrors[code]);
  }
}
