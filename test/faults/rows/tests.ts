import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
interface Reported {
  readonly numPassedTests: number;
  readonly testResults: readonly {
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
    await new Promise<void>((resolve, reject) => {
      const child = spawn(process.execPath, [jest, ...options, ...files, ...only], {
        env: { ...process.env, TEST_KIND: kind, DATELINE_BUILT: '1' },
        stdio: 'ignore',
      });
      signal.addEventListener('abort', () => child.kill(), { once: true });
      child.once('error', reject);
      child.once('exit', () => resolve());
    });
    if (signal.aborted) {
      if (kind === 'containers') await removeLeft();
      return { passed: 0, failed: [] };
    }
    const { numPassedTests: passed, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Reported;
    const failed = testResults.flatMap(({ assertionResults, message }) => {
      // A file that cannot be loaded has no tests.
      if (assertionResults.length === 0) return [message];
      return assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => `${fullName}: ${shortly(failureMessages.join(' '))}`);
    });
    return { passed, failed };
  } finally {
    rmSync(folder, { recursive: true });
  }
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
    const violations: string[] = [];
    let [ran, tests] = [0, 0];
    for (; ran < tries && !report.signal.aborted; ran++) {
      for (const suite of suites) {
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
