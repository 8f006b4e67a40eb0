import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The release that the row was written for. */
const release = '4.32.5';
const home = join('.dateline', `schemathesis-${release}`);
const program = join(home, 'bin', 'st');

/** Installs schemathesis into a virtual environment of its own, once. */
export async function installSchemathesis(report: (text: string) => void): Promise<void> {
  if (existsSync(program)) return;
  report(`installing schemathesis ${release} under ${home}`);
  mkdirSync('.dateline', { recursive: true });
  const run = promisify(execFile);
  try {
    await run('python3', ['-m', 'venv', '--clear', home]);
    await run(join(home, 'bin', 'pip'), [
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `schemathesis==${release}`,
    ]);
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw new Error(
      `Schemathesis needs python3 (3.10 or newer) with venv, and a package index: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** What to ask of an API. */
export interface Api {
  readonly url: string;
  /** Its OpenAPI document. */
  readonly document: object;
  readonly headers: Readonly<Record<string, string>>;
}

/** How to generate requests. */
export interface Generation {
  readonly seed: number;
  readonly examples: number;
  readonly phases: readonly ('coverage' | 'fuzzing' | 'stateful')[];
}

interface Reported {
  readonly test_cases: { readonly generated: number };
  readonly failures: readonly {
    readonly title: string;
    readonly count: number;
    readonly operations: readonly string[];
  }[];
  readonly errors: readonly { readonly title: string; readonly count: number }[];
}

/** Answers that break the document, or that say that the server has failed. A request may be refused for a reason that no schema tells. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'ignored_auth',
];

/** Generates requests from the document, sends them, and compares the answers with it. */
export async function askAtRandom(
  { url, document, headers }: Api,
  { seed, examples, phases }: Generation,
  signal: AbortSignal,
): Promise<{ readonly requests: number; readonly failures: readonly string[]; readonly details: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-schemathesis-'));
  const [file, report] = [join(folder, 'openapi.json'), join(folder, 'report.json')];
  writeFileSync(file, JSON.stringify(document));
  const options = [
    ...['run', file, '--url', url, '--seed', String(seed), '--max-examples', String(examples)],
    ...['--phases', phases.join(), '--checks', checks.join(), '--continue-on-failure', '--no-shrink'],
    ...[
      '--warnings',
      'off',
      '--suppress-health-check',
      'all',
      '--generation-database',
      'none',
      '--request-timeout',
      '30',
    ],
    ...['--report', 'json', '--report-json-path', report],
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}:${value}`]),
  ];
  try {
    const child = spawn(join(process.cwd(), program), options, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => void child.kill();
    signal.addEventListener('abort', stop, { once: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
    await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    signal.removeEventListener('abort', stop);
    if (signal.aborted) return { requests: 0, failures: [], details: output };
    if (!existsSync(report)) throw new Error(`Schemathesis ended without a report. ${output.slice(-2_000)}`);
    const { test_cases: cases, failures, errors } = JSON.parse(readFileSync(report, 'utf8')) as Reported;
    return {
      requests: cases.generated,
      failures: [
        ...failures.map(({ title, count, operations }) => `${title}: ${count} times, ${operations.join(', ')}`),
        ...errors.map(({ title, count }) => `schemathesis: ${title}, ${count} times`),
      ],
      details: output,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
