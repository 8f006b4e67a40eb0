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
  'not-yours':
    'That build has other projections than this version. Start the projector of the version that made it, and run this command in that version.',
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
