import type { Uploaded } from '#contract';
import { wordsFor } from '#pages/parts';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Field as FieldModel } from '../form-model/fields.js';
import { at, without, type Path, type Value } from '../form-model/values.js';
import { Field } from './field.js';
import type { Progress } from '../upload.js';
import { errorOf, useForm, type Form } from './form.js';

/** The most pictures of a post; the server says so too. */
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
  [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'));

/** Adds pictures to the draft, one after the other. */
function useUploads(form: Form) {
  const latest = useRef(form);
  latest.current = form;
  const [note, setNote] = useState('');
  const add = async (files: readonly File[]) => {
    for (const [n, file] of files.entries()) {
      const held = at(latest.current.value, path);
      const count = Array.isArray(held) ? held.length : 0;
      if (count >= mostPictures) return setNote(`A post has at most ${mostPictures} pictures.`);
      const adding = `Adding ${n + 1} of ${files.length}`;
      setNote(`${adding} …`);
      const tell = ({ share, waits }: Progress) =>
        setNote(`${adding}: ${Math.floor(100 * share)} %${waits ? ', waiting for the newsroom' : ''} …`);
      try {
        const { picture, ticket, offered, credentials: found } = await form.upload!(file, tell);
        if (found) credentials.set(picture, credentialsWords(found));
        const preview = await previewOf(file);
        if (preview) previews.set(picture, preview);
        const { alt, caption, credit, rights } = offered;
        const now = at(latest.current.value, path);
        const next = Array.isArray(now) ? now.length : 0;
        latest.current.put([...path, next], { picture, ticket, alt, caption, credit, rights });
      } catch (error) {
        return setNote(`${file.name}: ${(error as Error).message}`);
      }
    }
    setNote('');
  };
  return { note, add };
}

/** The pictures of a post: chosen, dropped, pasted, or taken with a phone's camera. */
export function PicturesField() {
  const form = useForm();
  const { note, add } = useUploads(form);
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
    const paste = (event: ClipboardEvent) => take(event, filesIn(event.clipboardData));
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
  const value = at(form.value, path);
  const media = Array.isArray(value) ? (value as readonly Value[]) : [];
  if (!canAdd && media.length === 0) return null;
  const error = errorOf(form, path, []);
  return (
    <fieldset class="row is-pictures" data-field={path.join('.')} tabIndex={-1}>
      <legend>Pictures</legend>
      <div>
        {media.map((medium, n) => (
          <OnePicture key={String(at(medium, ['picture']))} medium={medium} n={n} />
        ))}
        {error && <p class="error">{error.message}</p>}
        {canAdd && media.length < mostPictures && (
          <p class="buttons">
            <label class="button-quiet add file">
              + Picture
              <input
                type="file"
                accept="image/*"
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

function OnePicture({ medium, n }: { medium: Value; n: number }) {
  const form = useForm();
  const own = [...path, n];
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
    <div class="item" role="group" aria-label={`Picture ${n + 1}`}>
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
        <label class="check">
          <input type="checkbox" checked={decorates} onChange={e => decorate(e.currentTarget.checked)} />
          It only decorates: it shows nothing that the text does not say
        </label>
      </div>
      <button type="button" class="button-quiet" aria-label={`Remove picture ${n + 1}`} onClick={remove}>
        ✕
      </button>
    </div>
  );
}
