import type { UploadedRecording } from '#contract';
import { at, type Path, type Value } from '../form-model/values.js';
import { errorOf, useForm } from './form.js';

/** What a recording that was added on this page is, in words, by its name. */
const described = new Map<string, string>();

const clock = (ms: number): string => {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

/** Notes what a recording is, for its item. */
export function describe({ recording, type, lasts, size }: UploadedRecording): void {
  const kind = type.startsWith('video/') ? 'Video' : 'Sound';
  described.set(recording, `${kind}, ${clock(lasts)} min, ${size < 1e5 ? 'under 0.1' : (size / 1e6).toFixed(1)} MB`);
}

/** How long a browser may take to show a frame of a video, in milliseconds. */
const frameMs = 10_000;
const widestFrame = 1_920;
const happens = (of: HTMLMediaElement, what: string) =>
  new Promise<void>((resolve, reject) => {
    of.addEventListener(what, () => resolve(), { once: true });
    of.addEventListener('error', () => reject(new Error(what)), { once: true });
    setTimeout(() => reject(new Error(what)), frameMs);
  });

/** A frame from the beginning of a video, as a picture; undefined if this browser cannot show it. */
export async function frameOf(file: File): Promise<File | undefined> {
  const url = URL.createObjectURL(file);
  const video = document.createElement('video');
  try {
    video.muted = true;
    video.preload = 'auto';
    const loaded = happens(video, 'loadeddata');
    video.src = url;
    await loaded;
    const sought = happens(video, 'seeked');
    video.currentTime = Math.min(1, video.duration / 2 || 0);
    await sought;
    const canvas = document.createElement('canvas');
    canvas.width = Math.min(widestFrame, video.videoWidth);
    canvas.height = Math.round((video.videoHeight * canvas.width) / video.videoWidth);
    canvas.getContext('2d')!.drawImage(video, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/jpeg', 0.9));
    return blob ? new File([blob], 'poster.jpg', { type: 'image/jpeg' }) : undefined;
  } catch {
    return undefined;
  } finally {
    video.removeAttribute('src');
    URL.revokeObjectURL(url);
  }
}

interface Parts {
  readonly own: Path;
  readonly medium: Value;
  /** Sends a file for this medium. Undefined where none can be sent. */
  readonly choose: ((file: File, wanted: 'poster' | 'captions', own: Path) => void) | undefined;
}

/** What belongs to a recording: its poster, and its captions. */
export function RecordingParts({ own, medium, choose }: Parts) {
  const form = useForm();
  const name = at(medium, ['recording', 'file']);
  const [hasPoster, hasCaptions] = [at(medium, ['picture']) !== undefined, at(medium, ['captions']) !== undefined];
  const wrong = (part: string) => errorOf(form, [...own, part], []);
  const missing = wrong('picture');
  const others = [wrong('ticket'), wrong('recording'), wrong('captions')].filter(error => error !== undefined);
  return (
    <>
      {typeof name === 'string' && <p class="hint">{described.get(name) ?? 'A recording'}</p>}
      {missing && <p class="error">Choose a picture: readers see it until they play the recording.</p>}
      {others.map(({ message }) => (
        <p key={message} class="error">
          {message}
        </p>
      ))}
      {choose && (
        <p class="buttons">
          <label class="button-quiet file">
            {hasPoster ? 'Another poster' : 'Choose a poster'}
            <input type="file" accept="image/*" onChange={event => taken(event, file => choose(file, 'poster', own))} />
          </label>
          <label class="button-quiet file">
            {hasCaptions ? 'Other captions (WebVTT)' : 'Add captions (WebVTT)'}
            <input
              type="file"
              accept=".vtt,text/vtt"
              onChange={event => taken(event, file => choose(file, 'captions', own))}
            />
          </label>
          {hasCaptions && (
            <button type="button" class="button-quiet" onClick={() => form.put([...own, 'captions'], undefined)}>
              Remove captions
            </button>
          )}
        </p>
      )}
    </>
  );
}

function taken({ currentTarget }: { readonly currentTarget: HTMLInputElement }, take: (file: File) => void): void {
  const [file] = currentTarget.files ?? [];
  currentTarget.value = '';
  if (file) take(file);
}
