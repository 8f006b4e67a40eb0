export { isPublicAddress } from './address.js';
export { openCaptures, sources, type Capture, type Captures, type CaptureSettings, type Source } from './capture.js';
export * from './errors.js';
export * from './limits.js';
export { fetcherSecretSettings } from './settings.js';
