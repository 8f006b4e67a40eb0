// A process that simulates: it replaces the clock and the timers of the product's code, and plants a mutant if it is told to. Options as
// JSON in its first argument; it writes a line of JSON for each second of progress and for each seed that failed.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { mutantOf, planted } from '../mutant.js';
import { mutants, smallRequests } from './mutants.js';
import { realNow, takeOverTime } from './scheduler.js';

/** What to simulate. */
export interface Job {
  readonly from: number;
  readonly count: number;
  /** Stops after the seed that fails. */
  readonly untilFailure?: boolean;
  readonly mutant?: string;
  readonly shrink?: boolean;
  /** Stops after this many seconds. */
  readonly seconds?: number;
}
/** What it writes. */
export type Line =
  | { readonly done: number; readonly answers: Readonly<Record<string, number>>; readonly steps: number }
  | { readonly seed: number; readonly wrong: readonly string[]; readonly history?: unknown };

const job = JSON.parse(process.argv[2] ?? '{"from":1,"count":100}') as Job;
const timers = new URL('./timers-promises.js', import.meta.url).href;
const mutant = mutantOf(mutants, job.mutant);
let isPlanted = false;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'node:timers/promises' && /\/(apps|libs)\//.test(context.parentURL ?? '')
      ? { url: timers, shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) => {
    const changes = [smallRequests, ...(mutant ? [mutant] : [])].filter(({ file }) => url.endsWith(`/${file}.js`));
    if (changes.length === 0) return next(url, context);
    isPlanted ||= changes.some(change => change === mutant);
    const text = readFileSync(fileURLToPath(url), 'utf8');
    const source = changes.reduce((changed, change) => planted(change, changed), text);
    return { format: 'module', source, shortCircuit: true };
  },
});
takeOverTime();
const { simulate, shrunk } = await import('./simulate.js');
if (mutant && !isPlanted)
  throw new Error(`The simulator never loads ${mutant.file}, which the mutant ${mutant.name} changes.`);

const write = (line: Line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const began = realNow();
let told = began;
const answers: Record<string, number> = {};
let steps = 0;
let done = 0;
for (let seed = job.from; seed < job.from + job.count; seed++) {
  const result = await simulate(seed);
  done++;
  steps += result.steps;
  for (const [outcome, times] of Object.entries(result.answers)) answers[outcome] = (answers[outcome] ?? 0) + times;
  if (result.wrong.length > 0) {
    write({ seed, wrong: result.wrong, ...(job.shrink && { history: await shrunk(seed) }) });
    if (job.untilFailure) break;
  }
  const now = realNow();
  if (now - told >= 1_000) {
    told = now;
    write({ done, answers, steps });
  }
  if (job.seconds !== undefined && now - began > job.seconds * 1_000) break;
}
write({ done, answers, steps });
process.exit(0);
