// dateline token <role>...: a token of the development key, for trying things out. Without AUTH=dev nobody accepts it.
import { devToken, devTokenSettings, readSettings } from '#platform';

const roles = process.argv.slice(2);
if (roles.length === 0) {
  console.error('Name at least one role, for example: dateline token editor');
  process.exit(64);
}
const settings = readSettings(devTokenSettings);
console.log(await devToken(settings, { id: `dev-${roles.join('-')}`, name: `Local ${roles.join(' and ')}`, roles }));
