import { output } from './process.js';

interface Report {
  readonly requests: { readonly average: number };
  readonly non2xx: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
}

/** The number of requests per second that a server answers with this status. autocannon sends them from another process, over 64 connections. */
export async function answeredPerSecond(
  url: string,
  seconds: number,
  { status = 200, headers = {} }: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Promise<number> {
  const named = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
  const args = ['-c', '64', '-d', String(seconds), '--json', '--renderStatusCodes', ...named, url];
  const report = JSON.parse(await output(['node_modules/autocannon/autocannon.js', ...args])) as Report;
  const other = Object.keys(report.statusCodeStats).filter(code => code !== String(status));
  if (other.length > 0 || report.errors + report.timeouts > 0)
    throw new Error(`${url} was answered with ${Object.keys(report.statusCodeStats)}, ${report.errors} errors.`);
  return report.requests.average;
}
