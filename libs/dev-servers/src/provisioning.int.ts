import { projectRoot } from '#checkout';
// Native servers, as a newcomer gets them. Started by separate processes, which the test may kill.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTopic, kafkaAppender, kafkaReader, type LogRecord } from '#event-log';
import { afterAll, afterEach, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { hold as holdNative, type Holder } from './held.fixture.js';
import { identify, type Identity } from './identity.js';

// A test starts Kafka and PostgreSQL up to four times.
jest.setTimeout(600_000);

const TOPIC = 'kept';
const kafkaLibs = join(projectRoot(), '.dateline', 'kafka-4.3.0', 'libs');
// Where this run's servers are external or in containers, Java may be missing.
const possible = existsSync(kafkaLibs) || process.env.PROVISIONED_BY === 'native';
const native = possible ? test : test.skip;

const dirs: string[] = [];
const holders: Holder[] = [];
/** A data folder. As root, PostgreSQL runs as another user, who can reach it with mode 711 and not with 700. */
const dataDir = (mode = 0o711) => {
  const dir = mkdtempSync(join(tmpdir(), 'dateline-int-'));
  chmodSync(dir, mode);
  dirs.push(dir);
  return dir;
};
afterEach(async () => {
  for (const holder of holders.splice(0)) await holder.stop();
});
afterAll(() => dirs.forEach(dir => rmSync(dir, { recursive: true, force: true })));

async function hold(dir: string, keep: boolean, temp = tmpdir()): Promise<Holder> {
  const holder = await holdNative(dir, keep, temp);
  holders.push(holder);
  return holder;
}

async function write({ kafkaBrokers, databaseUrl }: Holder['services'], text: string): Promise<void> {
  const options = { brokers: [kafkaBrokers], topic: TOPIC };
  await ensureTopic(options);
  const appender = kafkaAppender(options);
  expect(await appender.append({ key: text, headers: {}, value: Buffer.from(text) })).toBe('sent');
  await appender.close();
  await query(databaseUrl, 'create table if not exists kept (text text)');
  await query(databaseUrl, `insert into kept values ('${text}')`);
}

async function read({ kafkaBrokers, databaseUrl }: Holder['services']): Promise<{ records: string[]; rows: string[] }> {
  const reader = kafkaReader({ brokers: [kafkaBrokers], topic: TOPIC });
  const { next } = await reader.bounds();
  const records: string[] = [];
  const done = new AbortController();
  const take = async (batch: readonly LogRecord[]) => {
    records.push(...batch.map(({ value }) => Buffer.from(value).toString()));
    if (records.length >= next) done.abort();
  };
  await reader.read(0, take, done.signal);
  await reader.close();
  return { records, rows: (await query(databaseUrl, 'select text from kept')).map(row => row.text) };
}

async function query(databaseUrl: string, sql: string): Promise<{ text: string }[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The servers in the pid files of `dir`. */
const serversOf = (dir: string): Identity[] =>
  readdirSync(dir)
    .filter(name => name.endsWith('.pid'))
    .map(name => JSON.parse(readFileSync(join(dir, name), 'utf8')) as Identity);
const alive = ({ pid, started }: Identity) => identify(pid)?.started === started;
const kill = ({ pid }: Pick<Identity, 'pid'>) => process.kill(pid, 'SIGKILL');

native('kept data outlives a stop, a kill -9 of everything, and a kill -9 of us alone', async () => {
  const dir = dataDir();
  const first = await hold(dir, true);
  expect(first.services.provisionedBy).toBe('native');
  await write(first.services, 'before the stop');
  const started = serversOf(dir);
  expect(started).toHaveLength(2);
  await first.stop();
  expect(started.filter(alive)).toEqual([]);
  expect(serversOf(dir)).toEqual([]);

  const second = await hold(dir, true);
  expect(await read(second.services)).toEqual({ records: ['before the stop'], rows: ['before the stop'] });
  await write(second.services, 'before the kill');
  [...serversOf(dir), { pid: second.process.pid as number }].forEach(kill);
  await second.stop();

  const third = await hold(dir, true);
  const both = ['before the stop', 'before the kill'];
  expect(await read(third.services)).toEqual({ records: both, rows: both });
  const orphans = serversOf(dir);
  kill({ pid: third.process.pid as number });
  await third.stop();
  expect(orphans.filter(alive)).toEqual(orphans);

  const fourth = await hold(dir, true);
  expect(orphans.filter(alive)).toEqual([]);
  expect(await read(fourth.services)).toEqual({ records: both, rows: both });
});

native('a data folder in use is refused, and its password is for us alone', async () => {
  const dir = dataDir();
  await hold(dir, true);
  await expect(hold(dir, true)).rejects.toThrow('in-use');
  expect(statSync(join(dir, 'postgres.password')).mode & 0o777).toBe(0o600);
});

native('throw-away servers leave nothing, and those of a killed process go with the next', async () => {
  // A separate temp folder, so that no other servers are counted.
  const temp = dataDir();
  const folders = () => readdirSync(temp).filter(name => name.startsWith('dateline-throwaway-'));

  const killed = await hold(temp, false, temp);
  const left = join(temp, folders()[0] as string);
  const orphans = serversOf(left);
  kill({ pid: killed.process.pid as number });
  await killed.stop();

  const next = await hold(temp, false, temp);
  expect(existsSync(left)).toBe(false);
  expect(folders()).toHaveLength(1);
  const servers = serversOf(join(temp, folders()[0] as string));
  expect(servers).toHaveLength(2);
  await next.stop();
  expect([...orphans, ...servers].filter(alive)).toEqual([]);
  expect(folders()).toEqual([]);
});

native(
  'a data folder closed to other users serves too, and what lies elsewhere for it goes once it is deleted',
  async () => {
    const elsewhere = () =>
      (existsSync('/var/tmp') ? readdirSync('/var/tmp') : []).filter(name => /^dateline-[0-9a-f]{16}$/.test(name));
    const dir = dataDir(0o700);
    const before = new Set(elsewhere());
    const first = await hold(dir, true);
    await query(first.services.databaseUrl, "create table closed as select 'kept'::text as text");
    const made = elsewhere().filter(name => !before.has(name));
    expect(made).toHaveLength(process.getuid?.() === 0 ? 1 : 0);
    await first.stop();

    const second = await hold(dir, true);
    expect(await query(second.services.databaseUrl, 'select text from closed')).toEqual([{ text: 'kept' }]);
    await second.stop();
    rmSync(dir, { recursive: true });
    await (await hold(dataDir(), false)).stop();
    expect(elsewhere().filter(name => made.includes(name))).toEqual([]);
  },
);

native('servers listen on loopback alone and do not share our terminal', async () => {
  const dir = dataDir();
  await hold(dir, true);
  for (const { pid } of serversOf(dir)) {
    expect(spawnSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()).toBe(String(pid));
    for (const address of listening(pid)) expect(address).toBe('127.0.0.1');
  }
});

/** The addresses on which a process listens, from Linux; IPv4 mapped into IPv6 is returned as IPv4. */
function listening(pid: number): string[] {
  const inodes = new Set(
    spawnSync('ls', ['-l', `/proc/${pid}/fd`], { encoding: 'utf8' }).stdout.match(/(?<=socket:\[)\d+/g),
  );
  return ['tcp', 'tcp6'].flatMap(table =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .map(line => line.trim().split(/\s+/))
      .filter(fields => fields[3] === '0A' && inodes.has(fields[9] as string))
      .map(fields =>
        Buffer.from((fields[1] as string).split(':')[0]?.slice(-8) as string, 'hex')
          .reverse()
          .join('.'),
      ),
  );
}
