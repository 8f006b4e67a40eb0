import { checkBundle } from '../../../apps/audit/src/bundle/check/check.js';
import { checkReportOf } from '../../../apps/audit/src/bundle/check/report.js';
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a program says of a bundle. */
export interface Verdict {
  readonly verdict: 'whole' | 'refused' | 'broken';
  /** What it found; of a program that broke, how. */
  readonly why: string;
  /** Names in the folder that it says do not belong to the bundle. */
  readonly others: readonly string[];
}

/** No check of so small a bundle takes as long. */
const patienceMs = 30_000;
const tooLong = Symbol('too long');
const inTime = <T>(answer: Promise<T>): Promise<T | typeof tooLong> => {
  const over = new AbortController();
  const timer = sleep(patienceMs, tooLong, { signal: over.signal }).catch(() => tooLong) as Promise<typeof tooLong>;
  return Promise.race([answer, timer]).finally(() => over.abort());
};

/** Errors of a program, rather than of what it read. */
const ofThePress = [TypeError, RangeError, ReferenceError, SyntaxError];

/** `audit check` with the expected key, without its command line. */
export async function checkedHere(folder: string, key: string): Promise<Verdict> {
  const it = { folder, expected: [key], keys: { lost: new Set<string>() }, onProgress: () => undefined };
  try {
    const checked = await inTime(checkBundle(it, new AbortController().signal));
    if (checked === tooLong) return { verdict: 'broken', why: `no answer within ${patienceMs} ms`, others: [] };
    const report = checkReportOf(checked, { bundle: folder, seconds: 0, given: undefined });
    const why = report.found.map(({ code, detail }) => `${code} ${detail}`).join('\n');
    return { verdict: report.whole ? 'whole' : 'refused', why, others: report.others.names };
  } catch (error) {
    const verdict = ofThePress.some(kind => error instanceof kind) ? 'broken' : 'refused';
    return { verdict, why: (error as Error).stack!, others: [] };
  }
}

/** Reads a folder and a key from each line, and writes the check's exit code and text as a line of JSON. */
const driver = `
import contextlib, io, json, resource, sys, traceback
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
sys.path.insert(0, 'test/independent')
import check_bundle
for line in sys.stdin:
    folder, key = json.loads(line)
    text = io.StringIO()
    try:
        with contextlib.redirect_stdout(text):
            code = check_bundle.main([folder, '--key', key])
    except BaseException:
        code = 70
        text.write(traceback.format_exc())
    print(json.dumps([code, text.getvalue()]), flush=True)
`;

/** The program in Python, kept running: starting it takes longer than a check. */
export class Python {
  #process: ChildProcess | undefined;
  #lines: AsyncIterator<string> | undefined;

  async check(folder: string, key: string): Promise<Verdict> {
    this.#start();
    this.#process!.stdin!.write(`${JSON.stringify([folder, key])}\n`);
    const line = await inTime(this.#lines!.next());
    if (line === tooLong) {
      this.close();
      return { verdict: 'broken', why: `no answer within ${patienceMs} ms`, others: [] };
    }
    if (line.done) throw new Error('python3 (3.9 or newer) did not run, or ended.');
    const [code, why] = JSON.parse(line.value) as [number, string];
    return { verdict: code === 0 ? 'whole' : code === 1 ? 'refused' : 'broken', why, others: [] };
  }

  close(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  #start(): void {
    if (this.#process) return;
    this.#process = spawn('python3', ['-c', driver], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.on('error', () => this.close());
    this.#process.stdin!.on('error', () => undefined);
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }
}
