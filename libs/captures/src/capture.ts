import { lookup } from 'node:dns/promises';
import { checkedUrl, isPublicAddress } from './address.js';
import { type Described, fields, openGraph, plain } from './described.js';
import { CaptureError } from './errors.js';
import { get, type Fetching, type Got, type Wanted } from './get.js';
import {
  largestOembed,
  largestPage,
  largestPagePicture,
  longestCaptureMs,
  longestPictureMs,
  mostAtOnce,
} from './limits.js';
import { oembed, oembedAddress } from './oembed.js';
import { decoded, readPage } from './page.js';
import { schemaOrg } from './schema-org.js';

/** Where a description was read, in the order in which they are believed. */
export const sources = ['oembed', 'open-graph', 'schema.org', 'html'] as const;
export type Source = (typeof sources)[number];

/** A page as it was at one moment. */
export interface Capture extends Described {
  /** The address that was asked for. */
  readonly url: string;
  /** The address that answered, where a redirect led elsewhere. */
  readonly answeredBy?: string;
  /** The SHA-256 of the page's bytes, decompressed. Missing if the site gave only its oEmbed answer. */
  readonly sha256?: string;
  /** Which sources said something of it. */
  readonly sources: readonly Source[];
}

/** Makes captures: see `openCaptures`. */
export interface Captures {
  /** Fetches the page once and reads what it says of itself. Rejects with a CaptureError. */
  capture(address: string): Promise<Capture>;
  /** Fetches the picture that a page names. Nobody looks at its bytes here. Rejects with a CaptureError. */
  picture(address: string): Promise<Buffer>;
}

const page: Wanted = {
  accept: 'text/html, application/xhtml+xml;q=0.9',
  types: /^\s*(text\/html|application\/xhtml\+xml)\s*(;|$)/i,
  most: largestPage,
};
const oembedAnswer: Wanted = {
  accept: 'application/json',
  types: /^\s*(application|text)\/(json|javascript|[a-z.-]+\+json)\s*(;|$)/i,
  most: largestOembed,
};

const picture: Wanted = {
  accept: 'image/avif, image/webp, image/jpeg, image/png, image/gif;q=0.8',
  // Some sites name no better type. The editor-api judges it by its bytes.
  types: /^\s*(image\/(?!svg)|application\/octet-stream|binary\/octet-stream)/i,
  most: largestPagePicture,
};

/** What a process that makes captures may set. Without settings it asks only public addresses, at the ports of the web. */
export interface CaptureSettings {
  /** Who asks, for the log of the site that is asked. */
  readonly userAgent: string;
  readonly ports?: readonly number[];
  /** An address that is asked although it is not public. */
  readonly alsoAllows?: (address: string) => boolean;
  readonly resolve?: Fetching['resolve'];
  readonly ca?: string;
  readonly ms?: number;
}

/** Makes captures in this process, at most `mostAtOnce` at a time. */
export function openCaptures({
  userAgent,
  ports = [80, 443],
  alsoAllows = () => false,
  resolve = host => lookup(host, { all: true }),
  ca,
  ms = longestCaptureMs,
}: CaptureSettings): Captures {
  const allows = (address: string) => isPublicAddress(address) || alsoAllows(address);
  const fetching: Fetching = { userAgent, ports, allows, resolve, ...(ca !== undefined && { ca }) };
  let running = 0;
  async function within<Result>(work: (signal: AbortSignal) => Promise<Result>, most: number): Promise<Result> {
    if (running >= mostAtOnce) throw new CaptureError('captures-busy');
    running += 1;
    try {
      return await work(AbortSignal.timeout(Math.min(ms, most)));
    } finally {
      running -= 1;
    }
  }
  return {
    capture: address => within(signal => captured(address, fetching, signal), ms),
    picture: address => within(async signal => (await get(address, picture, fetching, signal)).bytes, longestPictureMs),
  };
}

async function captured(address: string, fetching: Fetching, signal: AbortSignal): Promise<Capture> {
  const { href: url } = checkedUrl(address, fetching);
  const [embed, read] = await Promise.all([
    embedded(url, fetching, signal),
    get(url, page, fetching, signal).catch((refused: CaptureError) => refused),
  ]);
  return read instanceof CaptureError ? withoutPage(url, embed, read) : captureOf(url, { oembed: embed, page: read });
}

/**
 * The capture where the page was refused. A site that is on the list may answer programs by oEmbed alone. That a page is gone is never
 * overruled.
 */
export function withoutPage(url: string, embed: unknown, refused: CaptureError): Capture {
  if (embed === undefined || refused.code === 'capture-gone') throw refused;
  try {
    return captureOf(url, { oembed: embed });
  } catch {
    // The provider's answer says nothing, so the page's refusal is the reason.
    throw refused;
  }
}

/** The provider's answer, if the site is on the list and answers. A provider that does not answer leaves the page. */
async function embedded(url: string, fetching: Fetching, signal: AbortSignal): Promise<unknown> {
  const endpoint = oembedAddress(url);
  if (endpoint === undefined) return undefined;
  try {
    return JSON.parse((await get(endpoint, oembedAnswer, fetching, signal)).bytes.toString());
  } catch {
    return undefined;
  }
}

/** What was fetched, put together: of each field, what the first source says that says anything. */
export function captureOf(url: string, { oembed: embed, page: got }: { oembed?: unknown; page?: Got }): Capture {
  const said: [Source, Described][] = [['oembed', oembed(embed, url)], ...(got ? descriptions(got) : [])];
  const described: Described = Object.fromEntries(
    fields.flatMap(field => {
      const value = said.map(([, each]) => each[field]).find(each => each !== undefined);
      return value === undefined ? [] : [[field, value]];
    }),
  );
  const { alt } = said.find(([, each]) => each.picture !== undefined)?.[1] ?? {};
  if (described.title === undefined && described.text === undefined) throw new CaptureError('capture-empty');
  return {
    url,
    ...(got && got.url !== url && { answeredBy: got.url }),
    ...described,
    ...(alt !== undefined && { alt }),
    ...(got && { sha256: got.sha256 }),
    sources: said.filter(([, each]) => Object.keys(each).length > 0).map(([source]) => source),
  };
}

function descriptions({ bytes, type, url }: Got): [Source, Described][] {
  const read = readPage(decoded(bytes, type));
  return [
    ['open-graph', openGraph(read, url)],
    ['schema.org', schemaOrg(read, url)],
    ['html', plain(read)],
  ];
}
