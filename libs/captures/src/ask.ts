// For those who ask a fetcher: nothing here reads a page.
export { CaptureError, type CaptureErrorCode } from './errors.js';
export { longestPictureMs } from './limits.js';
export { CaptureProofs } from './proof.js';
export { remoteCaptures, type FetchedPage, type Fetcher } from './remote.js';
export { fetcherSettings } from './settings.js';
