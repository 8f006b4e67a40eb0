import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from './schemathesis.js';

/** The limits of the servers while these clients ask. */
export const limits = { headersMs: 5_000, requestMs: 8_000 } as const;
/** A busy machine may look for slow requests this much later. */
const slackMs = 20_000;
const dripMs = 200;
/** Some are refused at once: without a rest they would take the machine from everybody else. */
const betweenMs = 1_000;

/** A request that a server must refuse. */
interface Sending {
  readonly name: string;
  /** What is sent at once, after a request line. */
  readonly begin: (authorization: string) => string;
  /** Sent afterwards, a byte at a time, again and again. */
  readonly drip: string;
  readonly status: RegExp;
  readonly closedWithinMs: number;
}

const json = 'Content-Type: application/json\r\nIdempotency-Key: slow\r\n';

/** Where a path takes no POST, the server refuses it before the body. */
const sendings: readonly Sending[] = [
  { name: 'sends nothing', begin: () => '', drip: '', status: /^408$/, closedWithinMs: limits.headersMs },
  {
    name: 'sends headers a byte at a time',
    begin: () => 'Host: a\r\nX-Slow: ',
    drip: 'a',
    status: /^408$/,
    closedWithinMs: limits.headersMs,
  },
  {
    name: 'sends a body a byte at a time',
    begin: authorization => `Host: a\r\n${authorization}${json}Content-Length: 100000\r\n\r\n{"content": "`,
    drip: 'a',
    status: /^(404|405|408)$/,
    closedWithinMs: limits.requestMs,
  },
  {
    name: 'sends 17 KiB of headers',
    begin: () => `Host: a\r\nX-Large: ${'a'.repeat(17 * 1024)}\r\n\r\n`,
    drip: '',
    status: /^431$/,
    closedWithinMs: limits.headersMs,
  },
  {
    name: 'sends 200 headers',
    begin: () => `Host: a\r\nConnection: close\r\n${'X-Many: a\r\n'.repeat(200)}\r\n`,
    drip: '',
    status: /^431$/,
    closedWithinMs: limits.headersMs,
  },
  {
    name: 'announces a body of 1 GiB',
    begin: authorization => `Host: a\r\n${authorization}${json}Content-Length: ${1024 ** 3}\r\n\r\n{"content": "`,
    drip: 'a',
    status: /^(404|405|413)$/,
    closedWithinMs: limits.requestMs,
  },
];

/** Sends this to a server, and waits until the server closes the connection. Returns what was wrong. */
async function wrongWith(
  { name, begin, drip, status, closedWithinMs }: Sending,
  api: Api,
): Promise<string | undefined> {
  const { hostname, port } = new URL(api.url);
  const authorization = Object.entries(api.headers).map(([header, value]) => `${header}: ${value}\r\n`);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  // The server may close the connection while the client still sends.
  socket.on('error', () => undefined);
  const closed = new Promise<boolean>(resolve => socket.once('close', () => resolve(true)));
  const sent = begin(authorization.join(''));
  if (sent) socket.write(`POST /stories/storm/developments HTTP/1.1\r\n${sent}`);
  const dripping = drip && setInterval(() => socket.writable && socket.write(drip), dripMs);
  const isClosed = await Promise.race([closed, sleep(closedWithinMs + slackMs, false, { ref: false })]);
  if (dripping) clearInterval(dripping);
  socket.destroy();
  const found = /^HTTP\/1[.]1 (\d+)/.exec(answer)?.[1] ?? 'nothing';
  const text = `a client that ${name} is answered ${found}`;
  if (!status.test(found)) return text;
  return isClosed ? undefined : `${text}, and its connection is open after ${closedWithinMs + slackMs} ms`;
}

/** Clients that send too slowly, or too much, one of each kind at a time. */
export class SlowSenders {
  readonly wrong = new Set<string>();
  connections = 0;

  constructor(private readonly apis: readonly Api[]) {}

  /** Sends to each server until `signal`, and at least once. */
  async work(signal: AbortSignal): Promise<void> {
    const send = async (sending: Sending, api: Api) => {
      do {
        const wrong = await wrongWith(sending, api);
        this.connections++;
        if (wrong) this.wrong.add(wrong);
        await sleep(betweenMs, undefined, { signal }).catch(() => undefined);
      } while (!signal.aborted);
    };
    await Promise.all(this.apis.flatMap(api => sendings.map(sending => send(sending, api))));
  }
}
