// `npm test`: lint, unit tests, then integration and end-to-end tests on real servers. The last line is a summary.
import { spawn, spawnSync, type ChildProcess, type SpawnOptions, type StdioOptions } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isSuperuser, makeRoles, passwordsUnder } from '#postgres';
import { provision, type Services } from '#dev-servers';
import { chromium } from './harness/chromium.js';
import { countsOf, exitCodeOf, NOTHING, sum, type Counts } from './counts.js';
import { memoryFolder } from './memory-folder.js';
import { readOptions } from './options.js';

const usage = `npm test                      lint, then every test except those in containers; the last line is a summary
npm test -- --unit            lint and unit tests only: no servers
npm test -- --containers      also the tests that need a Docker engine
npm test -- --no-lint         skip linting
npm test -- WORD ...          only test files whose path contains one of these words
npm test -- -t TEXT           only tests whose name contains this text
npm test -- --help            print this help`;

const { values, positionals } = readOptions(
  usage,
  {
    unit: { type: 'boolean' },
    containers: { type: 'boolean' },
    'no-lint': { type: 'boolean' },
    'test-name': { type: 'string', short: 't' },
  },
  true,
);

const jest = join('node_modules', 'jest', 'bin', 'jest.js');
const lints = {
  types: [join('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit'],
  eslint: [join('node_modules', 'eslint', 'bin', 'eslint.js'), '.'],
  architecture: [
    join('node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
    '--config',
    '.dependency-cruiser.cjs',
    'apps',
    'libs',
    'test',
  ],
};

/**
 * Jest's workers in each suite, for two processors. Tests with servers wait for them, and for browsers, for more than half of their
 * time; some unit tests wait for timers.
 */
const workers = { unit: 3, int: 4, e2e: 3, containers: 2 } as const;
/**
 * The niceness of the suites beside the container suite. Its three brokers elect leaders by time-outs: while the machine was busy with
 * other tests, readers once were behind for four minutes after a broker was killed.
 */
const besideContainers = 5;

const inMemory = process.env.TMPDIR || memoryFolder();
if (inMemory) process.env.TMPDIR = inMemory;

const reports = mkdtempSync(join(tmpdir(), 'dateline-test-'));
// A launcher may repeat a signal that the terminal has already sent to the whole group.
const echoMs = 1_000;
let interrupted: NodeJS.Signals | undefined;
let interruptedAt = 0;
const running = new Set<ChildProcess>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interrupted && performance.now() - interruptedAt <= echoMs) return;
    for (const child of running) signalGroup(child, interrupted ? 'SIGKILL' : signal);
    interrupted ??= signal;
    interruptedAt = performance.now();
  });
}

const heading = (text: string) => console.log(`\n== ${text}`);

/** Sends a signal to a child and its whole group. False if no process is left. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (!child.pid) return false;
  if (process.platform === 'win32') return child.kill(signal);
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

/**
 * Runs Node on `args`; resolves to its exit code, or 1 after a signal. It writes to our terminal, or to the open file
 * `output`.
 */
function node(args: readonly string[], env: NodeJS.ProcessEnv = {}, output?: number, niceness = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const stdio: StdioOptions = output === undefined ? 'inherit' : ['ignore', output, output];
    // A separate process group, so that no process that a test started outlives the tests.
    const how: SpawnOptions = {
      stdio,
      detached: process.platform !== 'win32',
      env: { ...process.env, DATELINE_BUILT: '1', ...env },
    };
    const child = spawn(process.execPath, args, how);
    if (child.pid && niceness > 0) setPriority(child.pid, niceness);
    running.add(child);
    const ended = () => running.delete(child);
    child.on('error', error => (ended(), reject(error)));
    child.on('exit', code => endRest(child).then(() => (ended(), resolve(code ?? 1)), reject));
  });
}

/** Ends the rest of a child's group: asks, and kills it after fifteen seconds. */
async function endRest(child: ChildProcess): Promise<void> {
  if (process.platform === 'win32' || !signalGroup(child, 'SIGTERM')) return;
  for (let waited = 0; waited < 15_000; waited += 50, await sleep(50)) if (!signalGroup(child, 0)) return;
  signalGroup(child, 'SIGKILL');
}

/** Runs all checks at once, because each uses one processor, and prints what each says as a whole. */
async function lint(): Promise<Counts> {
  const check = async ([name, args]: [string, readonly string[]]) => {
    const file = join(reports, `${name}.log`);
    const output = openSync(file, 'w');
    const code = await node(args, {}, output);
    closeSync(output);
    console.log(`${readFileSync(file, 'utf8').trim()}\n${name}: ${code === 0 ? 'passed' : 'failed'}`.trim());
    return code;
  };
  heading('lint');
  const codes = await Promise.all(Object.entries(lints).map(check));
  return { ...NOTHING, failed: codes.filter(code => code !== 0).length };
}

async function suite(
  kind: keyof typeof workers,
  extra: readonly string[],
  env: NodeJS.ProcessEnv = {},
  output?: number,
): Promise<Counts> {
  if (interrupted) return NOTHING;
  if (output === undefined) heading(`${kind} tests`);
  const report = join(reports, `${kind}.json`);
  const args = [
    jest,
    '-c',
    'test/jest.config.mjs',
    `--maxWorkers=${workers[kind]}`,
    // A connection to a paused or killed container may never end.
    ...(kind === 'containers' ? ['--forceExit'] : []),
  ];
  const all = [...args, '--passWithNoTests', '--json', `--outputFile=${report}`, ...extra];
  const niceness = values.containers && kind !== 'containers' ? besideContainers : 0;
  const code = await node(all, { ...env, TEST_KIND: kind }, output, niceness);
  return countsOf(report, code);
}

/** The servers of the tests, unless they failed to start, and the lines to print about them. */
interface Started {
  readonly services?: Services;
  readonly printed: string[];
}

/** Starts Kafka and Postgres. Never rejects. */
async function startServers(): Promise<Started> {
  const began = performance.now();
  const printed: string[] = [];
  const report = (line: string) => void printed.push(line);
  try {
    const services = await provision({ dataDir: join('.dateline', 'test'), keep: false, report });
    report(`provisioned: ${services.provisionedBy}, in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return { services, printed };
  } catch (error) {
    report((error as Error).message);
    return { printed };
  }
}

async function withServers(
  { services, printed }: Started,
  extra: readonly string[],
  browser: Promise<unknown> | undefined,
): Promise<Counts> {
  heading('Kafka and PostgreSQL');
  console.log(printed.join('\n'));
  if (!services) return { ...NOTHING, failed: 1 };
  try {
    await relax(services);
    const env = {
      KAFKA_BROKERS: services.kafkaBrokers,
      DATABASE_URL: services.databaseUrl,
      PROVISIONED_BY: services.provisionedBy,
      TEST_ROLES: await rolesOn(services),
    };
    const counts = await suite('int', extra, env);
    if (!interrupted) await browser;
    return sum(counts, await suite('e2e', extra, env));
  } finally {
    await services.stop();
  }
}

/**
 * A server that this run started keeps nothing afterwards, so it need not wait for the disk: a killed process loses nothing without
 * that either, only a machine that loses power does, which no test tries.
 */
async function relax({ databaseUrl, provisionedBy }: Services): Promise<void> {
  if (provisionedBy === 'external') return;
  const client = new pg.Client(databaseUrl);
  await client.connect();
  for (const setting of ['fsync', 'full_page_writes']) await client.query(`alter system set ${setting} = off`);
  // Tests make thousands of connections: a password that nobody else has needs no 4,096 hashes for each.
  for (const whose of ['alter system', '']) await client.query(`${whose} set scram_iterations = 1`);
  const { username, password } = new URL(databaseUrl);
  await client.query(`alter role ${pg.escapeIdentifier(username)} password ${pg.escapeLiteral(password)}`);
  await client.query('select pg_reload_conf()');
  await client.end();
}

/** On a server that this run started, each app signs in with its own role, as in production. */
async function rolesOn({ databaseUrl, provisionedBy }: Services): Promise<string> {
  if (provisionedBy === 'external' || !(await isSuperuser(databaseUrl))) return '';
  await makeRoles(databaseUrl, passwordsUnder(databaseUrl));
  return 'made';
}

/**
 * Runs the tests that need a Docker engine beside the others, because they mostly wait for containers. Resolves to their
 * counts and output. Without an engine it reports why they did not run.
 */
async function inContainers(extra: readonly string[]): Promise<{ counts: Counts; printed: string }> {
  const docker = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { encoding: 'utf8' });
  if (docker.status !== 0) {
    const why = docker.error?.message ?? docker.stderr.trim();
    const line = '!'.repeat(100);
    const printed = `${line}\nTHE CONTAINER SUITE DID NOT RUN: no Docker engine answers (${why}).\n${line}`;
    return { counts: { ...NOTHING, skipped: 1 }, printed };
  }
  const file = join(reports, 'containers.log');
  const output = openSync(file, 'w');
  const { removeLeft, version } = await import('./containers/compose.js');
  // Built once, because these tests share the image and run in parallel.
  const built = await node([join('dist', 'test', 'containers', 'build-image.js')], {}, output);
  const run = () => suite('containers', extra, { DATELINE_VERSION: version }, output);
  const counts = await (built === 0 ? run() : { ...NOTHING, failed: 1 });
  closeSync(output);
  if (interrupted) await removeLeft();
  return { counts, printed: readFileSync(file, 'utf8') };
}

async function main(): Promise<number> {
  const extra = [...positionals, ...(values['test-name'] === undefined ? [] : ['-t', values['test-name']])];
  const containers = values.containers ? inContainers(extra) : undefined;
  // A whole run needs a browser in the end. Where it is not there, apt takes half a minute, for which nothing else has to wait.
  const browser = values.unit || extra.length > 0 ? undefined : chromium();
  // What apt has begun must not be left in the middle.
  return tested(extra, containers, browser).finally(() => browser);
}

async function tested(
  extra: readonly string[],
  containers: ReturnType<typeof inContainers> | undefined,
  browser: Promise<unknown> | undefined,
): Promise<number> {
  let counts = values['no-lint'] ? NOTHING : await lint();
  // Unit tests need no servers, and the last of them leave a processor free.
  const servers = values.unit || interrupted ? undefined : startServers();
  counts = sum(counts, await suite('unit', extra));
  if (servers) counts = sum(counts, await withServers(await servers, extra, browser));
  if (containers) {
    const { counts: counted, printed } = await containers;
    heading('container tests');
    console.log(printed);
    counts = sum(counts, counted);
  }
  if (interrupted) console.log(`\nended early by ${interrupted}`);
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return interrupted ? 130 : exitCodeOf(counts);
}

const code = await main().finally(() => rmSync(reports, { recursive: true, force: true }));
process.exit(code);
