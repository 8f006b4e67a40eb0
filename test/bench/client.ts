import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

/** An answer, with the milliseconds from the request to its last byte. */
export interface Timed {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
  readonly ms: number;
}

/** A cheap HTTP client that keeps its connections open and returns answers as they are. It must be closed. */
export class BareClient {
  private readonly agent: Agent;

  constructor(
    private readonly url: string,
    private readonly headers: Readonly<Record<string, string>> = {},
    connections = 64,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Timed> {
    return this.ask('GET', path, headers);
  }

  /** Posts JSON under a new Idempotency-Key. */
  post(path: string, body: unknown, key = randomUUID() as string): Promise<Timed> {
    return this.ask('POST', path, { 'Content-Type': 'application/json', 'Idempotency-Key': key }, JSON.stringify(body));
  }

  private ask(method: string, path: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Timed> {
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const began = performance.now();
    return new Promise((resolve, reject) => {
      const asked = request(
        new URL(path, this.url),
        { method, agent: this.agent, headers: { ...this.headers, ...headers, ...length } },
        answer => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({
              status: answer.statusCode!,
              headers: answer.headers,
              body: Buffer.concat(chunks),
              ms: performance.now() - began,
            }),
          );
        },
      );
      asked.on('error', reject);
      asked.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** Throws if the answer has another status. The error has the beginning of its body. */
export function expectStatus({ status, body }: Timed, ...allowed: readonly number[]): void {
  if (!allowed.includes(status)) throw new Error(`Answered ${status}: ${body.toString().slice(0, 500)}`);
}
