// `npm test`: lint, unit tests, then integration and end-to-end tests on real servers; the last line is the sum.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provision, type Services } from '#provisioning';
import { countsOf, exitCodeOf, NOTHING, sum, type Counts } from './counts.js';

const jest = join('node_modules', 'jest', 'bin', 'jest.js');
const lints = {
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

const reports = mkdtempSync(join(tmpdir(), 'dateline-test-'));
let interrupted: NodeJS.Signals | undefined;
let current: ChildProcess | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A terminal has given Ctrl-C to the child as well.
    if (!interrupted && !(signal === 'SIGINT' && process.stdin.isTTY)) current?.kill(signal);
    interrupted ??= signal;
  });
}

const heading = (text: string) => console.log(`\n== ${text}`);

/** Runs Node on `args` with our terminal; resolves to its exit code, or 1 when a signal ended it. */
function node(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    current = spawn(process.execPath, args, { stdio: 'inherit', env: { ...process.env, ...env } });
    current.on('error', reject);
    current.on('exit', code => resolve(code ?? 1));
  });
}

async function lint(): Promise<Counts> {
  let counts = NOTHING;
  for (const [name, args] of Object.entries(lints)) {
    if (interrupted) break;
    heading(`lint: ${name}`);
    const failed = (await node(args)) === 0 ? 0 : 1;
    counts = sum(counts, { ...NOTHING, failed });
  }
  return counts;
}

async function suite(
  kind: 'unit' | 'int' | 'e2e' | 'containers',
  extra: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Counts> {
  if (interrupted) return NOTHING;
  heading(`${kind} tests`);
  const report = join(reports, `${kind}.json`);
  // These start processes of their own, which want both cores.
  const workers = kind === 'e2e' || kind === 'containers' ? '--runInBand' : '--maxWorkers=2';
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    jest,
    '-c',
    'test/jest.config.mjs',
    workers,
    // A connection to a container that was paused or killed may never end by itself.
    ...(kind === 'containers' ? ['--forceExit'] : []),
  ];
  const code = await node([...args, '--passWithNoTests', '--json', `--outputFile=${report}`, ...extra], {
    ...env,
    TEST_KIND: kind,
  });
  return countsOf(report, code);
}

async function withServices(extra: readonly string[]): Promise<Counts> {
  heading('Kafka and PostgreSQL');
  const began = performance.now();
  let services: Services;
  try {
    services = await provision({ dataDir: join('.dateline', 'test'), keep: false, report: line => console.log(line) });
  } catch (error) {
    console.error((error as Error).message);
    return { ...NOTHING, failed: 1 };
  }
  try {
    console.log(`provisioned: ${services.provisionedBy}, in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    const env = {
      KAFKA_BROKERS: services.kafkaBrokers,
      DATABASE_URL: services.databaseUrl,
      PROVISIONED_BY: services.provisionedBy,
    };
    return sum(await suite('int', extra, env), await suite('e2e', extra, env));
  } finally {
    await services.stop();
  }
}

/** The tests that need a Docker engine: asked for, they run, or it is said why not. */
async function inContainers(extra: readonly string[]): Promise<Counts> {
  const docker = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { encoding: 'utf8' });
  if (docker.status === 0) return suite('containers', extra);
  const why = docker.error?.message ?? docker.stderr.trim();
  console.error(
    `\n${'!'.repeat(100)}\nTHE CONTAINER SUITE DID NOT RUN: no Docker engine answers (${why}).\n${'!'.repeat(100)}`,
  );
  return { ...NOTHING, skipped: 1 };
}

async function main(given: readonly string[]): Promise<number> {
  const extra = given.filter(argument => argument !== '--unit' && argument !== '--containers');
  let counts = sum(await lint(), await suite('unit', extra));
  if (!given.includes('--unit') && !interrupted) counts = sum(counts, await withServices(extra));
  if (given.includes('--containers') && !interrupted) counts = sum(counts, await inContainers(extra));
  if (interrupted) console.log(`\nended early by ${interrupted}`);
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return interrupted ? 130 : exitCodeOf(counts);
}

const code = await main(process.argv.slice(2)).finally(() => rmSync(reports, { recursive: true, force: true }));
process.exit(code);
