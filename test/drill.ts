// `npm run drill`: backup, loss of Kafka and Postgres, restore, in containers; needs a Docker engine and compose.
import { spawnSync } from 'node:child_process';
import { drill } from './containers/drill.js';
import { readOptions } from './options.js';

const { story } = readOptions(
  `npm run drill                      post a story, destroy Kafka and Postgres, restore the archive, compare
npm run drill -- --story FOLDER    the same with another story than the one that comes with it
npm run drill -- --help            this

It needs a Docker engine with compose, and touches only containers and volumes of its own.`,
  { story: { type: 'string' } },
).values;
if (!story) {
  console.error('--story needs the folder of a story.');
  process.exit(2);
}
for (const [what, args] of Object.entries({
  'a Docker engine': ['version', '--format', '{{.Server.Version}}'],
  'docker compose': ['compose', 'version'],
})) {
  const { status, error, stderr } = spawnSync('docker', args, { encoding: 'utf8' });
  if (status === 0) continue;
  console.error(
    `The drill needs ${what}, and none answers (${error?.message ?? stderr.trim()}). Start or install it, then run this again.`,
  );
  process.exit(1);
}
const drilled = await drill(story, line => console.log(line)).catch((error: Error) => {
  console.error(`The drill failed: ${error.message}`);
  process.exit(1);
});
console.log(JSON.stringify(drilled));
const same = drilled.tablesThatDiffer.length + drilled.readersThatDiffer.length === 0;
process.exit(drilled.equal.before && drilled.equal.after && same ? 0 : 1);
