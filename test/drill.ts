// `npm run drill`: backup, loss of Kafka, Postgres and the blob store, restore, in containers; needs a Docker engine and compose.
import { spawnSync } from 'node:child_process';
import { drill } from './containers/drill.js';
import { readOptions } from './options.js';

const { story } = readOptions(
  `npm run drill                      post a story and a picture, destroy all data, restore the archive, compare
npm run drill -- --story FOLDER    the same with another story
npm run drill -- --help            print this help

It needs a Docker engine with compose, and changes only its own containers and volumes.`,
  { story: { type: 'string' } },
).values;
if (!story) {
  console.error('--story needs the folder of a story.');
  process.exit(2);
}
const answers = (...command: readonly string[]) => spawnSync(command[0]!, command.slice(1)).status === 0;
const lacking = [
  ...(answers('docker', 'version') ? [] : ['a Docker engine']),
  ...(answers('docker', 'compose', 'version') || answers('docker-compose', 'version') ? [] : ['docker compose']),
];
if (lacking.length > 0) {
  console.error(
    `The drill needs ${lacking.join(' and ')}, which does not answer. Install or start it, then run this again.`,
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
