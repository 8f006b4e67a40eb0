// For those who ask a fetcher: nothing here reads a page.
export { CaptureError, type CaptureErrorCode } from './errors.js';
export { CaptureProofs } from './proof.js';
export { remoteCaptures, type Fetcher } from './remote.js';
export { fetcherSettings } from './settings.js';
