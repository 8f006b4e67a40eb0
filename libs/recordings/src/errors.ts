import { largestCaptions, largestRecording, longestRecordingMs, longestVideoSide } from '#domain';
import { longestWorkMs, mostWaiting } from './limits.js';

/** Every way in which a recording or its captions are refused, and the remedy. */
export const recordingErrors = {
  'recording-type': 'The file is no video or sound that can be kept. Send MP4, WebM or MP3.',
  'recording-misnamed':
    'The name or the type of the file says another kind of file than it is. Export it again from an editor.',
  'recording-too-large': `A recording has at most ${largestRecording / 1e6} MB. Export it smaller, or cut it.`,
  'recording-too-long': `A recording lasts at most ${longestRecordingMs / 3_600_000} hours. Cut it.`,
  'recording-too-wide': `A side of a video has at most ${longestVideoSide} pixels. Export it smaller.`,
  'recording-cut': 'The recording is incomplete. Send it again, or export it again from an editor.',
  'recording-broken': 'The recording is damaged. Export it again from an editor.',
  'recording-mixed': 'The file holds more than a recording. Export it again from an editor, and send that file.',
  'recording-tracks': 'The file has no picture and no sound that plays. Export it again from an editor.',
  'recording-codec': 'Not all browsers can play this recording. Export it as MP4 with H.264 and AAC.',
  'recording-data':
    'The recording holds more than picture and sound, which may tell where it was made. Export it with picture and sound alone.',
  'recording-encrypted': 'The recording is encrypted. Send one without protection.',
  'recording-too-slow': `The recording took longer than ${longestWorkMs / 1_000} seconds to check. Export it again from an editor.`,
  'recording-too-hungry': 'The recording needed too much memory to check. Export it again from an editor.',
  'recordings-busy': `More than ${mostWaiting} recordings are waiting. Send it again in a minute.`,
  'captions-broken': 'The captions are not valid WebVTT. Correct the line that is named, and send the file again.',
  'captions-too-large': `Captions have at most ${largestCaptions / 1_000} kB. Send them shorter.`,
} as const;
/** The code of a refusal. */
export type RecordingErrorCode = keyof typeof recordingErrors;

/** The recording or its captions are refused; `code` says why, and nothing was kept. */
export class RecordingError extends Error {
  constructor(
    readonly code: RecordingErrorCode,
    detail?: string,
  ) {
    super(detail ? `${recordingErrors[code]} (${detail})` : recordingErrors[code]);
    this.name = 'RecordingError';
  }
}
