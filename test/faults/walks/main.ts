// A process that walks: it replaces the timers, the clock and the ids of the product’s code, and plants a mutant if it is told to. Options as
// JSON in its first argument; it writes a line of JSON for each seed.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { mutantOf, planted } from '../mutant.js';
import { mutants } from './mutants.js';
import { takeOver } from './processes.js';

/** What to walk. */
export interface Job {
  readonly from: number;
  readonly count: number;
  /** Stops after the seed that fails. */
  readonly untilFailure?: boolean;
  readonly mutant?: string;
  readonly shrink?: boolean;
  /** Writes what happened in each walk to its standard error. */
  readonly shows?: boolean;
}
/** What it writes. */
export interface Line {
  readonly seed: number;
  readonly wrong: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  /** The shortest walk that still fails, for a person. */
  readonly history?: string;
}

const job = JSON.parse(process.argv[2] ?? '{"from":1,"count":5}') as Job;
const replaced: Readonly<Record<string, string>> = {
  'node:timers/promises': new URL('./timers-promises.js', import.meta.url).href,
  'node:crypto': new URL('./crypto.js', import.meta.url).href,
};
const mutant = mutantOf(mutants, job.mutant);
let isPlanted = false;

registerHooks({
  resolve: (specifier, context, next) => {
    const url = /\/(apps|libs)\//.test(context.parentURL ?? '') ? replaced[specifier] : undefined;
    return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
  },
  load: (url, context, next) => {
    if (!mutant || !url.endsWith(`/${mutant.file}.js`)) return next(url, context);
    isPlanted = true;
    return { format: 'module', source: planted(mutant, readFileSync(fileURLToPath(url), 'utf8')), shortCircuit: true };
  },
});
takeOver();
const { walk, shrunk } = await import('./play.js');
if (mutant && !isPlanted) throw new Error(`No walk loads ${mutant.file}, which the mutant ${mutant.name} changes.`);

for (let seed = job.from; seed < job.from + job.count; seed++) {
  const { wrong, counts, told } = await walk(seed);
  if (job.shows) process.stderr.write(`${told.join('\n')}\n`);
  const history = wrong.length > 0 && job.shrink ? { history: await shrunk(seed) } : {};
  process.stdout.write(`${JSON.stringify({ seed, wrong, counts, ...history } satisfies Line)}\n`);
  if (wrong.length > 0 && job.untilFailure) break;
}
process.exit(0);
