// `npm run drill`: backup, loss of Kafka and Postgres, restore, in containers; needs a Docker engine and compose.
import { drill } from './containers/drill.js';

const folder = process.argv[process.argv.indexOf('--story') + 1];
if (!folder || !process.argv.includes('--story')) {
  console.error('usage: npm run drill -- --story FOLDER');
  process.exit(64);
}
const drilled = await drill(folder, line => console.log(line));
console.log(JSON.stringify(drilled));
const same = drilled.tablesThatDiffer.length + drilled.readersThatDiffer.length === 0;
process.exit(drilled.equal.before && drilled.equal.after && same ? 0 : 1);
