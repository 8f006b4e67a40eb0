// dateline secrets: makes, once, what compose's services share secretly. Each folder below /secrets is a volume that one
// service alone sees, as /run/secrets; a newsroom's own secrets are mounted in its place.
import { generateSigningKey } from '#bundle';
import { publicKeys } from '#platform';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const password = () => randomBytes(24).toString('base64url');

/** The secret of that path: kept where there is one already. */
function secret(path, make) {
  const file = `/secrets/${path}`;
  // Whoever may read it is settled by which service has the volume.
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o444 });
  return readFileSync(file, 'utf8');
}

const databaseUrl = (user, word) => `postgres://${user}:${word}@postgres:5432/dateline`;

secret('postgres/postgres-password', password);
const owner = secret('postgres/dateline-password', password);
const reader = secret('postgres/reader-password', password);
for (const app of ['prepare', 'editor-api', 'projector', 'audit'])
  secret(`${app}/database-url`, () => databaseUrl('dateline', owner));
secret('reader-api/database-url', () => databaseUrl('dateline_reader', reader));

secret('kafka/broker-password', password);
secret('prepare/kafka-password', () => readFileSync('/secrets/kafka/broker-password', 'utf8'));
for (const app of ['editor-api', 'projector', 'audit'])
  secret(`kafka/${app}-password`, () => secret(`${app}/kafka-password`, password));

// Who restores expects the archive to be signed by who exported it.
const signing = JSON.stringify(await generateSigningKey({ dev: false }));
for (const app of ['prepare', 'projector']) secret(`${app}/signing-key.json`, () => secret('audit/signing-key.json', () => signing));

// The user that the apps run as. Once it has the key, root here, without its powers, cannot read it any more.
const [devKey, user] = ['/secrets/editor-api/dev-key.json', 1000];
const made = existsSync(devKey);
if (!made || statSync(devKey).uid !== user) {
  if (made) chmodSync(devKey, 0o600);
  publicKeys(devKey);
  chownSync(devKey, user, user);
}
