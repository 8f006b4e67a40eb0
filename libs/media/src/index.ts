export { collectBlobs, waitsForEventMs } from './collect.js';
export { keepPicture, openKept } from './keep.js';
export { publicNames, publishPicture, withdrawFiles } from './publish.js';
