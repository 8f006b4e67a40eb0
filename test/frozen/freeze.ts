// `npm run freeze -- NAME`: performs every act with the current code, and stores the log and its results in
// test/frozen/NAME. The README there explains more.
import { openBlobStore } from '#blobs';
import { generateSigningKey, publicHalf } from '#bundle';
import { DomainEvent, kindNames } from '#domain';
import { ensureTopic } from '#event-log';
import { provision } from '#dev-servers';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit, lastLine, succeeds } from '../harness/audit.js';
import { TestNewsroom } from '../harness/newsroom.js';
import { play } from '../harness/played.js';
import { readOptions } from '../options.js';
import { act } from './acts.js';
import { actsEnv } from './captured.js';
import { keepRows, lacking, linesFile } from './frozen.js';
import { appendRaw, readRaw, type RawRecord } from './raw-record.js';
import { readAll, verdictOf, winnersOf } from './read.js';
import { rowsOf } from './rows.js';
import { before, damage, voids } from './strange.js';

const usage =
  'usage: npm run freeze -- NAME    NAME: the short hash of the commit whose log is kept in test/frozen/NAME';
const name = readOptions(usage, {}, true).positionals[0] ?? '';
if (!/^[\w-]+$/.test(name)) {
  console.error(usage);
  process.exit(2);
}
const folder = join('test', 'frozen', name);
if (existsSync(folder)) throw new Error(`${folder} is there already, and a frozen log is never written over.`);

const file = (...path: string[]) => join(folder, ...path);

/** Stores the records, and the results of the running projector and the auditors. */
async function keep(newsroom: TestNewsroom, kept: string, records: readonly RawRecord[]): Promise<void> {
  mkdirSync(file(kept, 'rows'), { recursive: true });
  writeFileSync(file(kept, 'records.jsonl'), linesFile(records.map(record => JSON.stringify(record))));
  writeFileSync(file(kept, 'winners.jsonl'), linesFile(winnersOf(await readAll(topicOf(newsroom), records.length))));
  const report = lastLine(await audit(newsroom, 'verify', '--json').ended);
  if (report.compared.nextOffset !== records.length) throw new Error('The projector is not where the records end.');
  writeFileSync(file(kept, 'verify.json'), `${JSON.stringify(verdictOf(report), null, 2)}\n`);
  await newsroom.onDatabase(async client => {
    const { rows: keys } = await client.query<{ development: string; secret: Buffer | null }>(
      'select development, secret from dateline_keys.key order by 1',
    );
    const line = ({ development, secret }: (typeof keys)[number]) =>
      JSON.stringify({ development, secret: secret?.toString('base64url') ?? null });
    writeFileSync(file(kept, 'keys.jsonl'), linesFile(keys.map(line)));
    keepRows({ folder: file(kept) }, await rowsOf(client, report.compared.build));
  });
}

/** Events that the product reads and no longer writes: logs of former versions hold them. */
const former = ['ActorRegistered', 'ActorAmended', 'StoryOpened', 'StoryClosed', 'StoryReopened', 'ConditionSettled'];

/** Throws if an event or a kind that the product writes is missing. */
function complete(records: readonly RawRecord[]): void {
  const values = records.map(({ value }) => (typeof value === 'string' ? value : '')).join();
  for (const { shape } of DomainEvent.options)
    if (!former.includes(shape.type.value) && !values.includes(`"type":"${shape.type.value}"`))
      throw new Error(`No ${shape.type.value} in the log.`);
  for (const kind of kindNames) if (!values.includes(`"kind":"${kind}"`)) throw new Error(`No ${kind} in the log.`);
}

const topicOf = ({ env }: Pick<TestNewsroom, 'env'>) => env.LOG_TOPIC!;
const foldedMs = 3_000;
const folded = () => new Promise(resolve => setTimeout(resolve, foldedMs));

/** A newsroom whose topic held records before its log began. */
async function onNewsroom(env: Record<string, string>, run: (newsroom: TestNewsroom) => Promise<void>): Promise<void> {
  const prepare = async ({ KAFKA_BROKERS, LOG_TOPIC: topic }: Readonly<Record<string, string>>) => {
    await ensureTopic({ brokers: KAFKA_BROKERS!.split(','), topic: topic! });
    await appendRaw(topic!, before);
  };
  const newsroom = await TestNewsroom.open({ prepare, env });
  try {
    await run(newsroom);
  } finally {
    await newsroom.close();
  }
}

/** Makes a key. Only its public half is frozen. Returns the files of both. */
async function keyFiles(name: string): Promise<{ secret: string; open: string }> {
  const key = await generateSigningKey({ dev: false });
  const [secret, open] = [join('.dateline', `freeze-${name}.json`), file('stories', `${name}.pub.json`)];
  mkdirSync(file('stories'), { recursive: true });
  writeFileSync(secret, JSON.stringify(key));
  writeFileSync(open, `${JSON.stringify(publicHalf(key))}\n`);
  return { secret, open };
}

/** Stores the sealed files of pictures, which only the secrets in the log open. Throws if there are none. */
async function keepBlobs({ env }: Pick<TestNewsroom, 'env'>): Promise<void> {
  const store = openBlobStore({ BLOB_STORE: env.BLOB_STORE! }, 'sealed');
  const { blobs, next } = await store.list();
  if (next !== undefined) throw new Error('The blob store has more than a page of files: freeze fewer pictures.');
  const lines: string[] = [];
  for (const { name } of blobs) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of store.get(name)) chunks.push(chunk);
    lines.push(JSON.stringify({ name, bytes: Buffer.concat(chunks).toString('base64url') }));
  }
  writeFileSync(file('stories', 'blobs.jsonl'), linesFile(lines));
  await store.close();
}

async function freezeStories(): Promise<void> {
  const [signing, certifying] = [await keyFiles('signing-key'), await keyFiles('certifying-key')];
  const env = {
    ...actsEnv,
    SIGNING_KEY_FILE: signing.secret,
    HEADS_TO: file('stories', 'heads.jsonl'),
    CERTIFYING_KEY_FILE: certifying.secret,
    // `verify` reads it: a signature counts only if the expected key certified its author.
    CERTIFIER: certifying.open,
  };
  await onNewsroom(env, async newsroom => {
    await play(newsroom, 'alaska', 'varn-election', 'cup-final');
    await newsroom.seen(await act(newsroom));
    await appendRaw(topicOf(newsroom), voids(await readRaw(topicOf(newsroom))));
    await folded();
    const records = await readRaw(topicOf(newsroom));
    complete(records);
    await keep(newsroom, 'stories', records);
    const lacks = lacking({ folder: file('stories') });
    if (lacks.length > 0) throw new Error(`No post shows ${lacks.join(' or ')}: add one to the acts.`);
    await keepBlobs(newsroom);
    await succeeds(audit(newsroom, 'export', '--all', '--to', file('stories', 'bundle')));
  });
}

/** Commits by another producer that no reader of the time could read. */
async function freezeDamaged(): Promise<void> {
  await onNewsroom({}, async newsroom => {
    const records = await readRaw(topicOf(newsroom));
    const strange = damage(records);
    await appendRaw(topicOf(newsroom), strange);
    await folded();
    // The raw records are stored, because a reader's view lacks odd and repeated header names.
    await keep(newsroom, 'damaged', [...records, ...strange]);
  });
}

const services = await provision({
  dataDir: join('.dateline', 'freeze'),
  keep: false,
  report: line => console.log(line),
});
try {
  process.env.KAFKA_BROKERS = services.kafkaBrokers;
  process.env.DATABASE_URL = services.databaseUrl;
  await freezeStories();
  await freezeDamaged();
} catch (error) {
  rmSync(folder, { recursive: true, force: true });
  throw error;
} finally {
  await services.stop();
}
