import { statSync } from 'node:fs';

/** The ends of the paths of the files that take longest, the slowest of each suite first. */
export const slow = [
  ...['simulation/chains.unit.ts', 'independent.unit.ts'],
  ...['pictures/src/hostile.unit.ts', 'recordings/src/hostile.unit.ts'],
  ...['desk-parts.e2e.ts', 'canaries.e2e.ts', 'alaska.e2e.ts', 'pages.e2e.ts', 'restore-pictures.e2e.ts'],
  ...['pending.e2e.ts', 'faults.int.ts', 'rebuild.e2e.ts', 'pictures.e2e.ts', 'demo.e2e.ts', 'desk.e2e.ts'],
  ...['projector-killed.e2e.ts', 'answers.int.ts', 'sign-in.e2e.ts', 'interrupted.e2e.ts', 'stories.e2e.ts'],
  ...['forged-approval.e2e.ts', 'recordings.e2e.ts', 'audit.e2e.ts', 'provisioning.int.ts', 'verify.int.ts'],
  ...['loads.int.ts', 'inferred.int.ts'],
  ...['interrupted.containers.ts', 'cluster.containers.ts', 'compose.containers.ts', 'ways.containers.ts'],
];

const rank = ({ path }) => {
  const index = slow.findIndex(end => path.replaceAll('\\', '/').endsWith(`/${end}`));
  return index < 0 ? slow.length : index;
};
const size = ({ path }) => statSync(path).size;

/** For jest: begins with what takes longest, so that no worker is left with it while the other one has nothing to do. */
export default class SlowFirst {
  sort(tests) {
    return tests.toSorted((a, b) => rank(a) - rank(b) || size(b) - size(a));
  }

  cacheResults() {}

  allFailedTests(tests) {
    return tests;
  }

  shard(tests) {
    return tests;
  }
}
