import type { AnyUploaded, Uploaded } from '#contract';
import { wordsFor } from '#pages/parts';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Field as FieldModel } from '../form-model/fields.js';
import { at, put, without, type Path, type Value } from '../form-model/values.js';
import { Field } from './field.js';
import type { Progress } from '../upload.js';
import { addNow, errorOf, useForm, type Form, type Settled } from './form.js';
import { describe, frameOf, RecordingParts } from './recording.js';

/** The most pictures and recordings of a post; the server says so too. */
const mostPictures = 20;
const path: Path = ['content', 'media'];

const texts: readonly FieldModel[] = [
  {
    name: 'alt',
    label: 'What it shows',
    required: true,
    type: 'text',
    max: 1_000,
    hint: 'For those who cannot see it.',
  },
  { name: 'caption', label: 'Caption', required: false, type: 'text', max: 2_000 },
  { name: 'credit', label: 'Credit', required: false, type: 'line', max: 200 },
];

/** What the newsroom found of the content credentials of the pictures that were added on this page. */
const credentials = new Map<string, string>();
const broken =
  'Its content credentials do not fit it: it was changed after they were signed. Readers are not shown any of them.';
const credentialsWords = (found: NonNullable<Uploaded['credentials']>): string =>
  found.state === 'broken' ? broken : wordsFor('en').credentials(found, found.signed?.slice(0, 10));

/** Small copies of the pictures that were added on this page, as data URLs, by the pictures' names. */
const previews = new Map<string, string>();
const previewWidth = 320;

/** A small copy of a picture as a data URL; undefined if this browser cannot decode it. */
async function previewOf(file: File): Promise<string | undefined> {
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (!picture) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = Math.min(previewWidth, picture.width);
  canvas.height = Math.max(1, Math.round((picture.height * canvas.width) / picture.width));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas.toDataURL('image/jpeg', 0.8);
}

const filesIn = (data: DataTransfer | null): File[] =>
  [...(data?.files ?? [])].filter(({ type }) => /^(image|video|audio)\//.test(type));

const taken = 'image/*,video/mp4,video/webm,audio/mpeg,audio/mp4,audio/webm';

const cutWords = (name: string) =>
  `This page was closed while it sent ${name}. Choose the same file again: only what is missing is sent.`;

/** Rewrites the pictures and recordings of the draft `of`, or the one that this field began with. It need not be open any more. */
export type PutMedia = (rewrite: (media: readonly Value[]) => readonly Value[], of?: string) => void;

/** The pictures and recordings in a draft. */
const mediaIn = (value: Value): readonly Value[] => {
  const media = at(value, path);
  return Array.isArray(media) ? (media as readonly Value[]) : [];
};

/** The draft's value with its pictures and recordings rewritten. */
export const withMedia = (value: Value, rewrite: Parameters<PutMedia>[0]): Value =>
  put(value, path, rewrite(mediaIn(value)));

/** Adds pictures and recordings to the draft, one after the other. */
function useUploads(form: Form, onMedia: PutMedia) {
  const latest = useRef(form);
  latest.current = form;
  const [note, setNote] = useState(form.cutUpload === undefined ? '' : cutWords(form.cutUpload));
  /** Sends a file. Undefined if it was refused: then the note says why. */
  const send = async (file: File, doing: string): Promise<AnyUploaded | undefined> => {
    setNote(`${doing} …`);
    const tell = ({ share, waits }: Progress) =>
      setNote(`${doing}: ${Math.floor(100 * share)} %${waits ? ', waiting for the newsroom' : ''} …`);
    try {
      return await form.upload!(file, tell);
    } catch (error) {
      setNote(`${file.name}: ${(error as Error).message}`);
      return undefined;
    }
  };
  const append = (medium: Value, of: string | undefined) =>
    onMedia(media => (media.length < mostPictures ? [...media, medium] : media), of);
  const keepCopy = async ({ picture, credentials: found }: Uploaded, file: File) => {
    if (found) credentials.set(picture, credentialsWords(found));
    const preview = await previewOf(file);
    if (preview) previews.set(picture, preview);
  };
  /** The poster of a recording, if its file gives one; its fields for the draft. */
  const posterOf = async (file: File) => {
    const frame = await frameOf(file);
    const sent = frame && (await send(frame, 'Adding its poster'));
    if (!frame || !sent || !('picture' in sent)) return {};
    await keepCopy(sent, frame);
    return { picture: sent.picture, ticket: sent.ticket };
  };
  // What a post was published without must not come into the next one: each waits until a post that began meanwhile is `settled`.
  const addAll = async (files: readonly File[], settled: Settled) => {
    for (const [n, file] of files.entries()) {
      if (mediaIn(latest.current.value).length >= mostPictures)
        return setNote(`A post has at most ${mostPictures} pictures and recordings.`);
      const sent = await send(file, `Adding ${n + 1} of ${files.length}`);
      if (!sent) return;
      if ('captions' in sent) return setNote(`${file.name}: captions belong to a recording. Add it first.`);
      if ('recording' in sent) {
        describe(sent);
        const recording = { file: sent.recording, ticket: sent.ticket };
        const poster = await posterOf(file);
        append({ ...poster, recording }, await settled());
        continue;
      }
      await keepCopy(sent, file);
      const { picture, ticket, offered } = sent;
      const { alt, caption, credit, rights } = offered;
      append({ picture, ticket, alt, caption, credit, rights }, await settled());
    }
    setNote('');
  };
  /** Sends another poster, or captions, of a recording in the draft. */
  const chooseFor = async (settled: Settled, file: File, wanted: 'poster' | 'captions', own: Path) => {
    const recording = at(form.value, [...own, 'recording', 'file']);
    const change = (of: string | undefined, fields: Readonly<Record<string, Value>>) =>
      onMedia(
        media =>
          media.map(medium =>
            at(medium, ['recording', 'file']) === recording ? { ...(medium as object), ...fields } : medium,
          ),
        of,
      );
    const sent = await send(file, wanted === 'poster' ? 'Adding the poster' : 'Adding the captions');
    if (!sent) return;
    const of = await settled();
    if (wanted === 'captions') {
      if (!('captions' in sent)) return setNote(`${file.name} holds no captions. Choose a WebVTT file.`);
      change(of, { captions: { file: sent.captions, ticket: sent.ticket } });
    } else {
      if (!('picture' in sent)) return setNote(`${file.name} is no picture. Choose one as the poster.`);
      await keepCopy(sent, file);
      change(of, { picture: sent.picture, ticket: sent.ticket });
    }
    setNote('');
  };
  const { adding = addNow } = form;
  const add = (files: readonly File[]) => adding(settled => addAll(files, settled));
  const choose = (file: File, wanted: 'poster' | 'captions', own: Path) =>
    adding(settled => chooseFor(settled, file, wanted, own), true);
  return { note, add, choose };
}

/** The pictures and recordings of a post: chosen, dropped, pasted, or taken with a phone's camera. */
export function PicturesField({ onMedia }: { onMedia: PutMedia }) {
  const form = useForm();
  const { note, add, choose } = useUploads(form, onMedia);
  const adding = useRef(add);
  adding.current = add;
  const canAdd = form.upload !== undefined;
  useEffect(() => {
    if (!canAdd) return undefined;
    const take = (event: Event, files: readonly File[]) => {
      if (files.length === 0) return;
      event.preventDefault();
      void adding.current(files);
    };
    const paste = (event: ClipboardEvent) => {
      // Word processors and spreadsheets put a picture of the copied words beside them. In a dialog a paste is not for the draft.
      const isWords = event.clipboardData?.types.includes('text/plain') ?? false;
      if (!isWords && !document.querySelector('dialog[open]')) take(event, filesIn(event.clipboardData));
    };
    const drop = (event: DragEvent) => take(event, filesIn(event.dataTransfer));
    // Without it the browser opens a dropped file in place of the page.
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    document.addEventListener('paste', paste);
    document.addEventListener('drop', drop);
    document.addEventListener('dragover', over);
    return () => {
      document.removeEventListener('paste', paste);
      document.removeEventListener('drop', drop);
      document.removeEventListener('dragover', over);
    };
  }, [canAdd]);
  const media = mediaIn(form.value);
  if (!canAdd && media.length === 0) return null;
  const error = errorOf(form, path, []);
  return (
    <fieldset class="row is-pictures" data-field={path.join('.')} tabIndex={-1}>
      <legend>Pictures and recordings</legend>
      <div>
        {media.map((medium, n) => (
          <OnePicture
            key={String(at(medium, ['recording', 'file']) ?? at(medium, ['picture']))}
            medium={medium}
            n={n}
            choose={canAdd ? (...chosen) => void choose(...chosen) : undefined}
          />
        ))}
        {error && <p class="error">{error.message}</p>}
        {canAdd && media.length < mostPictures && (
          <p class="buttons">
            <label class="button-quiet add file">
              + Picture, video or sound
              <input
                type="file"
                accept={taken}
                multiple
                onChange={event => {
                  const { files } = event.currentTarget;
                  void add([...(files ?? [])]);
                  event.currentTarget.value = '';
                }}
              />
            </label>
          </p>
        )}
        <p class="hint" role="status">
          {note}
        </p>
      </div>
    </fieldset>
  );
}

type Choose = Parameters<typeof RecordingParts>[0]['choose'];

function OnePicture({ medium, n, choose }: { medium: Value; n: number; choose: Choose }) {
  const form = useForm();
  const own = [...path, n];
  const plays = at(medium, ['recording']) !== undefined;
  const what = plays ? 'recording' : 'picture';
  const decorates = at(medium, ['decorative']) === true;
  const name = String(at(medium, ['picture']));
  const [preview, found] = [previews.get(name), credentials.get(name)];
  const decorate = (yes: boolean) => {
    const { alt: _, decorative: __, ...rest } = medium as { readonly [name: string]: Value };
    form.put(own, yes ? { ...rest, decorative: true } : rest);
  };
  const remove = () => {
    const rest = at(without(form.value, path, n), path) as readonly Value[];
    form.put(path, rest.length > 0 ? rest : undefined);
  };
  return (
    <div class="item" role="group" aria-label={`${plays ? 'Recording' : 'Picture'} ${n + 1}`}>
      <div>
        {preview && <img class="thumb" src={preview} alt="" />}
        {texts
          .filter(({ name }) => !decorates || name !== 'alt')
          .map(field => (
            <Field key={field.name} field={field} path={[...own, field.name]} />
          ))}
        {found && (
          <p class="hint" dir="auto">
            {found}
          </p>
        )}
        {plays && <RecordingParts own={own} medium={medium} choose={choose} />}
        {!plays && (
          <label class="check">
            <input type="checkbox" checked={decorates} onChange={e => decorate(e.currentTarget.checked)} />
            It only decorates: it shows nothing that the text does not say
          </label>
        )}
      </div>
      <button type="button" class="button-quiet" aria-label={`Remove ${what} ${n + 1}`} onClick={remove}>
        ✕
      </button>
    </div>
  );
}
