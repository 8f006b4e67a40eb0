import { build } from '../../libs/dev-servers/bin/stages.mjs';

/**
 * For Jest: compiles what has changed since the last build, because tests run from dist/. `npm test` has done so before, and other tests of
 * its run may use dist/ now.
 */
export default async ({ rootDir }) => {
  if (!process.env.DATELINE_BUILT) await build(rootDir, process.execPath, process.env);
};
