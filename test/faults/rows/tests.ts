import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { removeLeft } from '../../containers/compose.js';
import type { Found, Report, Row } from '../row.js';

type Kind = 'unit' | 'int' | 'e2e' | 'containers';
interface Tests {
  readonly kind: Kind;
  /** Test files, from the root of the checkout. */
  readonly files: readonly string[];
  /** A pattern of the names of those of their tests that run. Default: all. */
  readonly named?: string;
}
/** What Jest reports as JSON, as far as it is read. */
export interface Reported {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Runs test files once. Resolves to how many tests passed, and to the names of those that failed. */
async function runOnce(
  { kind, files, named }: Tests,
  { signal }: Report,
): Promise<{ passed: number; failed: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-faults-'));
  const report = join(folder, 'report.json');
  const jest = join('node_modules', 'jest', 'bin', 'jest.js');
  const options = ['-c', 'test/jest.config.mjs', '--runInBand', '--json', `--outputFile=${report}`, '--runTestsByPath'];
  const only = named === undefined ? [] : ['-t', named];
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(process.execPath, [jest, ...options, ...files, ...only], {
        env: { ...process.env, TEST_KIND: kind, DATELINE_BUILT: '1' },
        stdio: 'ignore',
      });
      const stop = () => {
        child.kill();
        // A test in an endless loop does not answer.
        setTimeout(() => child.kill('SIGKILL'), 30_000).unref();
      };
      signal.addEventListener('abort', stop, { once: true });
      child.once('error', reject);
      child.once('exit', ended => {
        signal.removeEventListener('abort', stop);
        resolve(ended);
      });
    });
    if (signal.aborted) {
      if (kind === 'containers') await removeLeft();
      return { passed: 0, failed: [] };
    }
    if (!existsSync(report)) return { passed: 0, failed: [`Jest ended with ${code} and reported nothing`] };
    const reported = JSON.parse(readFileSync(report, 'utf8')) as Reported;
    return { passed: reported.numPassedTests, failed: failuresIn(reported, code) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What failed in a run of Jest that ended with this code. */
export function failuresIn({ numPassedTests, testResults }: Reported, code: number | null): string[] {
  const failed = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.filter(result => result.status === 'failed');
    // A file that cannot be loaded has no tests. In another one an error may be outside of all tests, as in `afterAll`.
    if (tests.length === 0 && (status === 'failed' || assertionResults.length === 0))
      return [`${basename(name)}: ${shortly(message) || 'no tests'}`];
    return tests.map(({ fullName, failureMessages }) => `${fullName}: ${shortly(failureMessages.join(' '))}`);
  });
  if (failed.length > 0) return failed;
  if (numPassedTests === 0) return ['no test ran'];
  return code === 0 ? [] : [`all tests passed, and Jest ended with ${code}`];
}

/** The beginning of a message, in one line and without colours. */
const shortly = (message: string) => stripVTControlCharacters(message).replace(/\s+/g, ' ').slice(0, 1_000);

/** Throws if no Docker engine answers. */
function needDocker(): void {
  if (spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 30_000 }).status !== 0)
    throw new Error('Not possible here: no Docker engine answers, and this row runs its brokers in containers.');
}

/** A row that repeats tests of `npm test`: each try is one run of them. */
export const testsRow = (
  about: Pick<Row, 'name' | 'fault' | 'invariant' | 'long'>,
  ...suites: readonly Tests[]
): Row => ({
  ...about,
  unit: 'run',
  short: 1,
  // Containers bring their own.
  needsServers: suites.some(({ kind }) => kind === 'int' || kind === 'e2e'),
  run: async (tries, report): Promise<Found> => {
    if (suites.some(({ kind }) => kind === 'containers')) needDocker();
    const { violations } = report;
    let [ran, tests] = [0, 0];
    for (; ran < tries && !report.signal.aborted; ran++) {
      for (const suite of suites) {
        if (report.signal.aborted) break;
        const { passed, failed } = await runOnce(suite, report);
        tests += passed;
        violations.push(...failed);
      }
      if (report.signal.aborted) break;
      report.line(`run ${ran + 1} of ${tries}: ${tests} tests passed so far, ${violations.length} failed`);
    }
    return { tries: ran, violations, figures: { 'tests passed': tests } };
  },
});
