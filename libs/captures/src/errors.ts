import {
  largestHeaders,
  largestPage,
  largestPagePicture,
  longestAddress,
  longestCaptureMs,
  mostAtOnce,
  mostRedirects,
} from './limits.js';

/** Every way in which a capture is refused, and the remedy. */
export const captureErrors = {
  'capture-address': `The address is not one that can be captured: give http:// or https://, a public host name, no user name, and at most ${longestAddress} characters.`,
  'capture-port': 'The address names a port that is not captured from. Leave the port out.',
  'capture-private':
    'The address leads into a private or reserved network. Only pages that are public can be captured.',
  'capture-redirects': `The page sends on to other addresses more than ${mostRedirects} times. Give the address that the browser shows in the end.`,
  'capture-downgrade':
    'The page sends on from https to http, where anyone on the way could change it. Give another address.',
  'capture-unreachable': 'The site could not be reached. Check the address, or try again later.',
  'capture-wrong-name':
    'The site’s certificate is of another name, so the page may be another’s. Check the address, or link to it without a capture.',
  'capture-expired':
    'The site’s certificate is out of date, so nobody can tell whose page it is. Try again later, or link to it without a capture.',
  'capture-untrusted':
    'Nobody whom this server trusts has signed the site’s certificate, so the page may be another’s. Link to it without a capture.',
  'capture-too-slow': `The site took longer than ${longestCaptureMs / 1_000} seconds. Try again later.`,
  'capture-too-large': `A page that is captured has at most ${largestPage / 1e6} MB, and its picture at most ${largestPagePicture / 1e6} MB. Link to it without a capture.`,
  'capture-headers': `The site sent more than ${largestHeaders} bytes of headers. Link to it without a capture.`,
  'capture-broken': 'The site sent an answer that cannot be read. Link to it without a capture.',
  'capture-type': 'The address leads to no page, but to another kind of file. Link to it without a capture.',
  'capture-gone': 'The site says that there is no such page.',
  'capture-denied': 'The site did not give the page to this server. Link to it without a capture.',
  'capture-empty': 'The page says nothing of itself: neither a title nor a text. Link to it without a capture.',
  'no-fetcher': 'This newsroom captures no pages: its FETCHER_URL is not set. Link to the page without a capture.',
  'fetcher-unreachable':
    'The newsroom’s fetcher does not answer. Try again in a minute, or link to the page without a capture.',
  'captures-busy': `More than ${mostAtOnce} captures are being made. Try again in a minute.`,
} as const;
/** The code of a refusal. */
export type CaptureErrorCode = keyof typeof captureErrors;

/** The capture is refused; `code` says why. */
export class CaptureError extends Error {
  constructor(
    readonly code: CaptureErrorCode,
    detail?: string,
  ) {
    super(detail ? `${captureErrors[code]} (${detail})` : captureErrors[code]);
    this.name = 'CaptureError';
  }
}
