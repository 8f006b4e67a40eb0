export { keepPicture, once, openKept, whole } from './keep.js';
export { keepRecording } from './recording.js';
export { publicNames, publishKept, withdrawFiles } from './publish.js';
export { mostSkewMs, ticketMs, waitsForEventMs } from './times.js';
