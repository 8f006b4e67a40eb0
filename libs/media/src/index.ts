export { keepPicture, openKept } from './keep.js';
export { publicNames, publishPicture, withdrawFiles } from './publish.js';
export { mostSkewMs, ticketMs, waitsForEventMs } from './times.js';
