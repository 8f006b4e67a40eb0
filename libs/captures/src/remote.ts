import { CapturedPage } from '#domain';
import { z } from 'zod';
import { CaptureError, captureErrors, type CaptureErrorCode } from './errors.js';
import { longestCaptureMs } from './limits.js';

/** How much longer than a capture the fetcher's answer may take, in milliseconds. */
const graceMs = 2_000;
/** The largest answer of a fetcher, in characters. */
const largestAnswer = 32_768;

const Refused = z.object({ code: z.enum(Object.keys(captureErrors) as [CaptureErrorCode]) });
// The fetcher reads hostile pages. What it answers is checked, and fields that the log does not keep are dropped.
const Answer = z.object(CapturedPage.shape);

/** Asks a fetcher. */
export interface Fetcher {
  /** What the page at an address says of itself. Rejects with a CaptureError. */
  capture(address: string): Promise<CapturedPage>;
}

/** Captures that another process makes: the fetcher at this address. Rejects with a CaptureError. */
export function remoteCaptures(url: string, secret: string): Fetcher {
  return {
    capture: async address => {
      const { status, text } = await ask(`${url}/captures`, secret, address);
      const read = (status === 200 ? Answer : Refused).safeParse(parsed(text));
      if (read.success && !('code' in read.data)) return read.data;
      throw new CaptureError(read.success && 'code' in read.data ? read.data.code : 'fetcher-unreachable');
    },
  };
}

async function ask(url: string, secret: string, address: string) {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: address }),
      signal: AbortSignal.timeout(longestCaptureMs + graceMs),
    });
    const text = await answer.text();
    return { status: answer.status, text: text.length > largestAnswer ? '' : text };
  } catch {
    throw new CaptureError('fetcher-unreachable');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
