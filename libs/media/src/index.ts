export { collectBlobs, waitsForEventMs } from './collect.js';
export { keepPicture, openKept, type KeptFile, type KeptPicture } from './keep.js';
export { publicNames, publishPicture, withdrawFiles } from './publish.js';
