// `npm run faults`: makes things fail, on real servers and in a simulator, and checks that what must hold does.
import { provision, type Services } from '#dev-servers';
import { isSuperuser, makeRoles, passwordsUnder } from '#postgres';
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { readOptions } from '../options.js';
import { joined, readRuns, runsFolder, shortOf, table, writePage, writeRun, type Result, type Run } from './results.js';
import { within, type Found, type Row } from './row.js';
import { rows } from './rows/index.js';

const mostMinutes = 120;
const usage = `npm run faults                     run every row of the matrix, short, print a table and write JSON
npm run faults -- --only NAME      only these rows; may be repeated
npm run faults -- --long           as many tries as the figures in docs/reliability.md need; at most an hour for each row
npm run faults -- --tries N        this many tries of each row
npm run faults -- --seeds N        the same, for the simulator alone
npm run faults -- --from N         the first seed, or the first version of versions (default: 1)
npm run faults -- --minutes N      at most this long for each row, up to ${mostMinutes} (default: 60). A row that gets less far is
                                   then shown as "N of M"; without this option it is not finished, and the exit code is 1
npm run faults -- --join           write docs/reliability.md from all runs in ${runsFolder}
npm run faults -- --help           print this help

Rows:
${rows.map(({ name, short, long, unit, fault }) => `  ${name.padEnd(12)} ${short} or ${long} ${unit}s: ${fault}`).join('\n')}`;

const { values } = readOptions(usage, {
  only: { type: 'string', multiple: true },
  long: { type: 'boolean' },
  tries: { type: 'string' },
  seeds: { type: 'string' },
  from: { type: 'string' },
  minutes: { type: 'string' },
  join: { type: 'boolean' },
});
function refuse(why: string): never {
  console.error(`${why}\n\n${usage}`);
  process.exit(2);
}
function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) refuse(`--${name} must be a whole number from 1.`);
  return Number(text);
}

const page = join('docs', 'reliability.md');
if (values.join) {
  const order = rows.map(({ name }) => name);
  writePage(page, before => joined(readRuns(), order, before));
  console.log(`${page} holds the figures of all runs in ${runsFolder}.`);
  process.exit(0);
}

const only = (values.only ?? []) as readonly string[];
for (const name of only) if (!rows.some(row => row.name === name)) refuse(`There is no row ${name}.`);
const [tries, seeds] = [wholeNumber('tries', values.tries), wholeNumber('seeds', values.seeds)];
const seed = wholeNumber('from', values.from) ?? 1;
const minutes = Math.min(mostMinutes, wholeNumber('minutes', values.minutes) ?? 60);
const scale = values.long ? ('long' as const) : ('short' as const);
const chosen = rows.filter(
  ({ name }) =>
    (seeds === undefined || only.length > 0 ? true : name === 'simulator') &&
    (only.length === 0 || only.includes(name)),
);

const git = (...given: string[]) => execFileSync('git', given, { encoding: 'utf8', stdio: 'pipe' }).trim();
function commitNow(): string {
  try {
    return (
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'apps', 'libs', 'test') ? ', changed' : '')
    );
  } catch {
    return 'unknown';
  }
}
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

const began = new Date();
const commit = commitNow();
const file = join(runsFolder, `${began.toISOString().replaceAll(':', '-')}-${process.pid}.json`);
const results: Result[] = [];
const run = (): Run => ({
  date: began.toISOString(),
  commit,
  machine: `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg()[0]!.toFixed(0)}, Node ${process.version}`,
  scale,
  seed,
  results,
});

async function runRow(row: Row): Promise<Result> {
  const { name, fault, invariant, unit } = row;
  const from = performance.now();
  const about = { row: name, fault, invariant, unit };
  const seconds = () => Math.round((performance.now() - from) / 1_000);
  const wanted = (name === 'simulator' ? seeds : undefined) ?? tries ?? row[scale];
  const signal = within(minutes * 60_000, interrupted.signal);
  const line = (text: string) => console.log(`   [${seconds()} s] ${text}`);
  const violations: string[] = [];
  try {
    const { figures = {}, ...found }: Found = await row.run(wanted, { line, signal, seed, scale, violations });
    const short = shortOf(found.tries, wanted, { isOver: signal.aborted, isLimited: values.minutes !== undefined });
    return { ...about, ...found, figures, seconds: seconds(), ...short };
  } catch (error) {
    console.error((error as Error).stack);
    return { ...about, tries: 0, violations, figures: {}, seconds: seconds(), failed: (error as Error).message };
  }
}

async function servers(): Promise<Services> {
  const services = await provision({ dataDir: join(runsFolder, 'servers'), keep: false, report: console.log });
  Object.assign(process.env, {
    KAFKA_BROKERS: services.kafkaBrokers,
    DATABASE_URL: services.databaseUrl,
    PROVISIONED_BY: services.provisionedBy,
  });
  if (services.provisionedBy !== 'external' && (await isSuperuser(services.databaseUrl))) {
    await makeRoles(services.databaseUrl, passwordsUnder(services.databaseUrl));
    process.env.TEST_ROLES = 'made';
  }
  return services;
}

const services = chosen.some(({ needsServers }) => needsServers) ? await servers() : undefined;
try {
  for (const row of chosen) {
    if (interrupted.signal.aborted) break;
    console.log(`\n== ${row.name}: ${row.fault}`);
    const result = await runRow(row);
    for (const violation of result.violations) console.log(`   VIOLATION: ${violation}`);
    if (result.failed) console.log(`   NOT FINISHED: ${result.failed}`);
    results.push(result);
    // After each row, so that an interrupted run loses nothing.
    writeRun(file, run());
  }
} finally {
  await services?.stop();
}

console.log(`\n${table(results)}\n\n${run().date}, commit ${run().commit}, ${run().machine}\nJSON: ${file}`);
const isWrong = results.some(({ failed, violations }) => failed !== undefined || violations.length > 0);
process.exit(isWrong || interrupted.signal.aborted ? 1 : 0);
