import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Agent, request } from 'undici';
import { checkedUrl, type Reach } from './address.js';
import { checkedConnector, type Resolve } from './connect.js';
import { CaptureError, type CaptureErrorCode } from './errors.js';
import { largestHeaders, mostRedirects } from './limits.js';

/** What a fetcher may ask, how it resolves names, and whom it says it asks for. */
export interface Fetching extends Reach {
  readonly resolve: Resolve;
  readonly userAgent: string;
  /** Certificates of authorities to believe instead of the system's, in PEM. Tests only. */
  readonly ca?: string;
}

/** What is asked for: the types, as an Accept header and as they are checked, and the most bytes. */
export interface Wanted {
  readonly accept: string;
  readonly types: RegExp;
  readonly most: number;
}

/** An answer: the address that gave it after redirects, its type, and its bytes once decompressed. */
export interface Got {
  readonly url: string;
  readonly type: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

/**
 * Asks for one address, and for those that it sends on to. Each is checked as the first one is. No cookie, no referrer and no credential
 * is sent, and no connection is used twice. Rejects with a CaptureError.
 */
export async function get(address: string, wanted: Wanted, fetching: Fetching, signal: AbortSignal): Promise<Got> {
  let url = checkedUrl(address, fetching);
  for (let sentOn = 0; sentOn <= mostRedirects; sentOn++) {
    const answer = await ask(url, wanted, fetching, signal);
    if (!('location' in answer)) return answer;
    const next = checkedUrl(answer.location, fetching, url);
    if (url.protocol === 'https:' && next.protocol === 'http:') throw new CaptureError('capture-downgrade');
    url = next;
  }
  throw new CaptureError('capture-redirects');
}

async function ask(
  url: URL,
  wanted: Wanted,
  { allows, resolve, userAgent, ca }: Fetching,
  signal: AbortSignal,
): Promise<Got | { readonly location: string }> {
  const agent = new Agent({
    connect: checkedConnector(allows, resolve, ca),
    maxHeaderSize: largestHeaders,
    allowH2: false,
    pipelining: 0,
    connections: 1,
  });
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: agent,
      signal,
      headers: {
        'user-agent': userAgent,
        accept: wanted.accept,
        'accept-encoding': 'gzip, br, deflate',
        'accept-language': 'en, *;q=0.5',
      },
    });
    // Whatever it throws after we stopped reading is of no interest.
    body.on('error', () => undefined);
    const location = one(headers.location);
    if (isRedirect(statusCode) && location !== undefined) return { location };
    if (statusCode === 404 || statusCode === 410) throw new CaptureError('capture-gone', `status ${statusCode}`);
    if (statusCode !== 200) throw new CaptureError('capture-denied', `status ${statusCode}`);
    const type = one(headers['content-type']) ?? '';
    if (!wanted.types.test(type)) throw new CaptureError('capture-type', type.slice(0, 100));
    const bytes = await whole(body, one(headers['content-encoding']) ?? '', wanted.most, signal);
    return { url: url.href, type, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    throw refusalOf(error, signal);
  } finally {
    await agent.destroy();
  }
}

const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status);
const one = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);

/** All bytes of a body, decompressed. Stops at the first byte too many, of those that were sent and of those that they inflate to. */
async function whole(body: Readable, encoding: string, most: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const counted = async function* (source: AsyncIterable<Buffer>) {
    let length = 0;
    for await (const chunk of source) {
      length += chunk.length;
      if (length > most) throw new CaptureError('capture-too-large');
      yield chunk;
    }
  };
  const kept = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of counted(source)) chunks.push(chunk);
  };
  const inflate = inflating(encoding.trim().toLowerCase());
  if (inflate) await pipeline(body, counted, inflate, kept, { signal });
  else await pipeline(body, kept, { signal });
  return Buffer.concat(chunks);
}

function inflating(encoding: string) {
  switch (encoding) {
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new CaptureError('capture-broken', `compressed as ${encoding.slice(0, 40)}`);
  }
}

const brokenAnswers = /^(HPE_|Z_|ERR__ERROR_|ERR_BROTLI|ERR_PADDING|ERR_INVALID_ARG|UND_ERR_(RES|INVALID|SOCKET))/;

/** Why a certificate is not believed, by the codes of Node's TLS. */
const certificateRefusals: readonly (readonly [RegExp, CaptureErrorCode])[] = [
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'capture-wrong-name'],
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, 'capture-expired'],
  [
    /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_|INVALID_(CA|PURPOSE)$)/,
    'capture-untrusted',
  ],
];

function refusalOf(error: unknown, signal: AbortSignal): CaptureError {
  if (error instanceof CaptureError) return error;
  if (signal.aborted) return new CaptureError('capture-too-slow');
  const { code = '', cause } = error as NodeJS.ErrnoException & { cause?: unknown };
  if (cause instanceof CaptureError) return cause;
  const refused = certificateRefusals.find(([codes]) => codes.test(code))?.[1];
  if (refused) return new CaptureError(refused, code);
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new CaptureError('capture-headers');
  if (/TIMEOUT|TIMEDOUT/.test(code)) return new CaptureError('capture-too-slow');
  if (brokenAnswers.test(code) || (error as Error).name === 'HTTPParserError')
    return new CaptureError('capture-broken', code);
  return new CaptureError('capture-unreachable', code || (error as Error).name);
}
