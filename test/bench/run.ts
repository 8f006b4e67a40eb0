// `npm run bench`: compares the product with a floor and a peer on real servers, prints a table and writes JSON.
import { provision } from '#dev-servers';
import { isSuperuser, makeRoles, passwordsUnder } from '#postgres';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { readOptions } from '../options.js';
import { Bench, type Scale } from './bench.js';
import { ratioOf, reached, type Figure } from './figures.js';
import { profilesIn } from './profile.js';
import { scenarios } from './scenarios/index.js';
import { table } from './table.js';

const usage = `npm run bench                    measure everything (about an hour), print a table and write JSON
npm run bench -- SCENARIO ...    only these scenarios
npm run bench -- --quick         shorter measurements and smaller logs
npm run bench -- --tiny          only check that each scenario runs; ignore the figures
npm run bench -- --rounds N      measure each side N times, in turns (default: 3)
npm run bench -- --profile       also profile the apps, and print which parts take the CPU time
npm run bench -- --json FILE     write the figures to FILE (default: .dateline/bench/TIME.json)
npm run bench -- --help          print this help

Scenarios:
${scenarios.map(({ name, measures }) => `  ${name.padEnd(12)} ${measures}`).join('\n')}`;

const { values, positionals } = readOptions(
  usage,
  {
    quick: { type: 'boolean' },
    tiny: { type: 'boolean' },
    profile: { type: 'boolean' },
    rounds: { type: 'string' },
    json: { type: 'string' },
  },
  true,
);
function refuse(why: string): never {
  console.error(`${why}\n\n${usage}`);
  process.exit(2);
}
// The type of `readOptions` does not say that these are strings.
const names = positionals as readonly string[];
for (const name of names)
  if (!scenarios.some(scenario => scenario.name === name)) refuse(`There is no scenario ${name}.`);
const rounds = Number(values.rounds ?? 3);
if (!Number.isInteger(rounds) || rounds < 1) refuse('--rounds must be a whole number from 1.');

const scale: Scale = values.tiny ? 'tiny' : values.quick ? 'quick' : 'full';
const chosen = scenarios.filter(({ name }) => names.length === 0 || names.includes(name));
const began = new Date();
const file = values.json ?? join('.dateline', 'bench', `${began.toISOString().replaceAll(':', '-')}.json`);

const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim();
function commitNow(): string {
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'apps', 'libs') ? ', changed' : '');
  } catch {
    return 'unknown';
  }
}
const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB`;
const about = { date: began.toISOString(), commit: commitNow(), node: process.version, machine, scale, rounds };

interface Measured {
  readonly scenario: string;
  readonly seconds: number;
  readonly figures: readonly (Figure & {
    readonly ratio?: number | undefined;
    readonly reached?: boolean | undefined;
  })[];
  readonly failed?: string;
}
const measured: Measured[] = [];
/** Writes the results so far. It runs after each scenario, so that an interrupted run loses nothing. */
function write(): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...about, measured }, null, 2)}\n`);
}

const profiles = join('.dateline', 'bench', 'profiles', String(process.pid));
if (values.profile) {
  mkdirSync(profiles, { recursive: true });
  process.env.APP_NODE_OPTIONS = `--cpu-prof --cpu-prof-dir=${profiles}`;
}

let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (isInterrupted = true));

const services = await provision({ dataDir: join('.dateline', 'bench', 'servers'), keep: false, report: console.log });
Object.assign(process.env, { KAFKA_BROKERS: services.kafkaBrokers, DATABASE_URL: services.databaseUrl });
if (services.provisionedBy !== 'external' && (await isSuperuser(services.databaseUrl))) {
  await makeRoles(services.databaseUrl, passwordsUnder(services.databaseUrl));
  process.env.TEST_ROLES = 'made';
}
const bench = new Bench(scale, rounds, line => console.log(`   ${line}`));
try {
  for (const { name, measures, run } of chosen) {
    if (isInterrupted) break;
    console.log(`\n== ${name}: ${measures}`);
    const from = performance.now();
    const seconds = () => Math.round((performance.now() - from) / 1_000);
    try {
      const figures = await run(bench);
      const judged = figures.map(figure => ({ ...figure, ratio: ratioOf(figure), reached: reached(figure) }));
      measured.push({ scenario: name, seconds: seconds(), figures: judged });
      console.log(table(figures));
    } catch (error) {
      console.error(`${name} failed: ${(error as Error).stack}`);
      measured.push({ scenario: name, seconds: seconds(), figures: [], failed: (error as Error).message });
    }
    write();
  }
} finally {
  await bench.close().catch(error => console.error(error));
  await services.stop();
}

console.log(`\n${table(measured.flatMap(({ figures }) => figures))}`);
console.log(`\n${about.date}, commit ${about.commit}, Node ${about.node}, ${machine}, ${rounds} rounds`);
if (scale !== 'full')
  console.log(`This was a ${scale} run: its measurements are shorter and its logs smaller than the targets require.`);
console.log(`JSON: ${file}`);
if (values.profile) for (const line of profilesIn(profiles)) console.log(line);
const failed = measured.filter(({ failed }) => failed !== undefined);
for (const { scenario, failed: why } of failed) console.log(`The scenario ${scenario} failed: ${why}`);
process.exit(failed.length > 0 || isInterrupted ? 1 : 0);
