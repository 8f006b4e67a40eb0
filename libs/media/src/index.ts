export { keepPicture, once, openKept, whole } from './keep.js';
export { publicNames, publishPicture, withdrawFiles } from './publish.js';
export { mostSkewMs, ticketMs, waitsForEventMs } from './times.js';
