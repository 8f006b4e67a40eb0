// dateline secrets: makes, once, what compose's services share secretly. Each folder below /secrets is a volume that one
// service alone sees, as /run/secrets; a newsroom's own secrets are mounted in its place.
import { generateSigningKey, publicHalf } from '#bundle';
import { publicKeys } from '#platform';
import { roles } from '#postgres';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

const password = () => randomBytes(24).toString('base64url');

/** An empty file is what a full disk leaves. */
const exists = file => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;

/** The secret of that path: kept where there is one already. */
function secret(path, make) {
  const file = `/secrets/${path}`;
  if (!exists(file)) replace(path, make());
  return readFileSync(file, 'utf8');
}

/** Writes the whole file, or leaves what was there. */
function replace(path, text) {
  const file = `/secrets/${path}`;
  rmSync(`${file}.new`, { force: true });
  // Only services with the volume can read it.
  writeFileSync(`${file}.new`, text, { mode: 0o444, flush: true });
  renameSync(`${file}.new`, file);
}

secret('postgres/postgres-password', password);
for (const [app, role] of Object.entries(roles)) {
  const url = `postgres://${role}:${secret(`postgres/${role}-password`, password)}@postgres:5432/dateline`;
  // An earlier version gave several apps the owner's.
  if (secret(`${app}/database-url`, () => url) !== url) replace(`${app}/database-url`, url);
}

secret('kafka/broker-password', password);
secret('prepare/kafka-password', () => readFileSync('/secrets/kafka/broker-password', 'utf8'));
for (const app of ['editor-api', 'projector', 'audit'])
  secret(`kafka/${app}-password`, () => secret(`${app}/kafka-password`, password));

// The fetcher answers only who has it.
secret('fetcher/fetcher-secret', () => secret('editor-api/fetcher-secret', password));

// Who restores expects the archive to be signed by who exported it.
const signing = JSON.stringify(await generateSigningKey({ dev: false }));
for (const app of ['prepare', 'projector']) secret(`${app}/signing-key.json`, () => secret('audit/signing-key.json', () => signing));

// Certifies the keys with which authors sign. Auditors have the public half.
const certifying = JSON.stringify(await generateSigningKey({ dev: false }));
const kept = JSON.parse(secret('editor-api/certifying-key.json', () => certifying));
secret('audit/certifier.json', () => JSON.stringify(publicHalf(kept)));

// The user that the apps run as. Once it has the key, root here, without its powers, cannot read it any more.
const [devKey, user] = ['/secrets/editor-api/dev-key.json', 1000];
const made = exists(devKey);
if (!made) rmSync(devKey, { force: true });
if (!made || statSync(devKey).uid !== user) {
  if (made) chmodSync(devKey, 0o600);
  publicKeys(devKey);
  chownSync(devKey, user, user);
}
