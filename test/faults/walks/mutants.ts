import type { Mutant } from '../mutant.js';

const files = {
  apply: 'libs/projections/src/engine/apply',
  shred: 'libs/projections/src/engine/shred',
  build: 'libs/projections/src/builds/build',
  outdated: 'libs/projections/src/builds/drop-outdated',
  swap: 'libs/projections/src/builds/swap',
  loop: 'apps/projector/src/loop/apply',
  left: 'apps/projector/src/loop/left',
  takedowns: 'apps/projector/src/loop/takedowns',
  returning: 'apps/audit/src/rebuild/builds',
} as const;

const planned: readonly (readonly [name: string, file: keyof typeof files, from: string, to: string])[] = [
  [
    'a build that readers do not read keeps the words',
    'apply',
    'hasTakedowns = arbitrated.shreds.length > 0',
    'hasTakedowns = arbitrated.shreds.length > 0 && progress.checkpoint.live',
  ],
  [
    'an actor keeps its names',
    'shred',
    'await forgetActor(client, actor, position)',
    'void [forgetActor, actor, position]',
  ],
  [
    'a build that lacks a takedown goes live',
    'swap',
    '(caughtUp.shredded ?? 0) < (live.shredded ?? 0) || await hasUnreadTakedown(client, live.name, build)',
    'false',
  ],
  ['a build behind goes live', 'swap', 'lacks > (catchUp ? mostBehind : 0)', 'lacks > mostBehind'],
  ['a swap holds no live build', 'swap', 'where live for update', 'where live'],
  ['a way back is not told', 'swap', 'if (changed) await enterAllRewritten(client, build);', ''],
  ['a build that is folded is dropped', 'outdated', 'if (await isFolded(client, name, made)) return false;', ''],
  ['the live build is dropped', 'build', 'and not live for update', 'for update'],
  [
    'the past of a dropped build stays',
    'build',
    '[begunSchema(build), pastSchema(build), build]',
    '[begunSchema(build), build]',
  ],
  ['a build that was left goes on as if it were live', 'apply', 'and (live or not $8)', 'and (live or not $8 or true)'],
  ['outdated builds are looked for once', 'takedowns', 'again = busy.length > 0 || !this.live', 'again = false'],
  ['readers go back while the other version works', 'left', 'await isFolded(pool, live.made)', 'false'],
  ['a version takes readers at each start', 'loop', 'if (checkpoint.promoted_at !== null) return progress;', ''],
  ['a build that begins again counts as the first of its version', 'loop', 'if (!status.hadReaders ||', 'if (true ||'],
  [
    'nobody looks whether the build is still there',
    'left',
    'if (!await checkpointOf(pool, own.name)) return true;',
    '',
  ],
];

export const mutants: readonly Mutant[] = planned.map(([name, file, from, to]) => ({
  name,
  file: files[file],
  from,
  to,
}));
