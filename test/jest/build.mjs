import { build } from '../../libs/dev-servers/bin/stages.mjs';

/** For Jest: compiles what has changed since the last build, because tests run from dist/. `npm test` has done so before. */
export default ({ rootDir }) => build(rootDir, process.execPath, process.env);
