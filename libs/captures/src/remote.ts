import { CapturedPage } from '#domain';
import { z } from 'zod';
import { CaptureError, captureErrors, type CaptureErrorCode } from './errors.js';
import { largestPagePicture, longestAddress, longestCaptureMs, longestPictureMs, longestTexts } from './limits.js';

/** How much longer than a capture the fetcher's answer may take, in milliseconds. */
const graceMs = 2_000;
/** The largest answer of a fetcher about a page, in bytes. */
const largestAnswer = 32_768;

const Refused = z.object({ code: z.enum(Object.keys(captureErrors) as [CaptureErrorCode]) });
// The fetcher reads hostile pages. What it answers is checked, and fields that the log does not keep are dropped.
const Answer = z.object({
  ...CapturedPage.shape,
  picture: z.string().max(longestAddress).optional(),
  alt: z.string().max(longestTexts.alt).optional(),
});
/** What a page says of itself, and where its picture is. */
export type FetchedPage = z.infer<typeof Answer>;

/** Asks a fetcher. */
export interface Fetcher {
  /** What the page at an address says of itself. Rejects with a CaptureError. */
  capture(address: string): Promise<FetchedPage>;
  /** The picture at an address that a page names. Rejects with a CaptureError. */
  picture(address: string): Promise<Buffer>;
}

/** Captures that another process makes: the fetcher at this address. Rejects with a CaptureError. */
export function remoteCaptures(url: string, secret: string): Fetcher {
  return {
    capture: async address => {
      const { ok, bytes } = await ask(`${url}/captures`, secret, address, largestAnswer, longestCaptureMs);
      const read = Answer.safeParse(ok ? parsed(bytes) : undefined);
      if (read.success) return read.data;
      throw refusalIn(bytes);
    },
    picture: async address => {
      const most = largestPagePicture;
      const { ok, bytes } = await ask(`${url}/captures/picture`, secret, address, most, longestPictureMs);
      if (ok) return bytes;
      throw refusalIn(bytes);
    },
  };
}

function refusalIn(bytes: Buffer): CaptureError {
  const { data } = Refused.safeParse(parsed(bytes));
  return new CaptureError(data?.code ?? 'fetcher-unreachable');
}

async function ask(url: string, secret: string, address: string, most: number, ms: number) {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: address }),
      signal: AbortSignal.timeout(ms + graceMs),
    });
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of answer.body ?? []) {
      length += chunk.length;
      if (length > most) throw new CaptureError('fetcher-unreachable');
      chunks.push(chunk);
    }
    return { ok: answer.status === 200, bytes: Buffer.concat(chunks) };
  } catch {
    throw new CaptureError('fetcher-unreachable');
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
