export { RecordingError, recordingErrors, type RecordingErrorCode } from './errors.js';
export { pieceBytes } from './limits.js';
export {
  bytesIn,
  inMemory,
  isRecordingHead,
  openRecordings,
  patched,
  type Judged,
  type JudgedCaptions,
  type Pieces,
  type Recordings,
} from './recordings.js';
