import { useState } from 'preact/hooks';
import type { Field as FieldModel } from '../form-model/fields.js';
import { at } from '../form-model/values.js';
import { idOf, useForm } from './form.js';
import { Labelled } from './labelled.js';
import { useSmallCopies } from './small-copies.js';
import { addressIn, capturesIn, capturesPath, hostOf, noPictureInWords, type Capturing } from './use-capturing.js';

type List = FieldModel & { type: 'list' };

/** The linked pages that readers see as they were captured. */
export function CapturesField({ field, capturing }: { field: List; capturing: Capturing | undefined }) {
  const form = useForm();
  const path = [...capturesPath];
  const held = capturesIn(form.value);
  const [typed, setTyped] = useState('');
  const address = addressIn(typed);
  const copies = useSmallCopies(held, form.smallCopy);
  if (!capturing && held.length === 0) return null;
  const put = (rest: typeof held) => form.put(path, rest.length > 0 ? rest : undefined);
  return (
    <Labelled
      field={{
        ...field,
        label: 'Linked pages',
        hint: 'Readers see what each page says of itself now, and when you captured it.',
      }}
      path={path}
      group
    >
      {held.map((capture, n) => {
        const url = String(at(capture, ['url']));
        const title = String(at(capture, ['title']) ?? url);
        const copy = copies.get(String(at(capture, ['picture', 'picture'])));
        const missing = noPictureInWords(capture);
        return (
          <p key={url} class="item buttons">
            <span>
              {copy && <img class="thumb" src={copy.href} alt="" />}
              <bdi>{title}</bdi> <small>{hostOf(url)}</small>
              {missing && <small class="hint">{missing}</small>}
            </span>
            {capturing && (
              <button
                type="button"
                class="button-quiet"
                disabled={capturing.busy}
                onClick={() => capturing.capture(url)}
              >
                Capture again
              </button>
            )}
            <button
              type="button"
              class="button-quiet"
              aria-label={`Remove the page ${title}`}
              onClick={() => put(held.filter((_, index) => index !== n))}
            >
              ✕
            </button>
          </p>
        );
      })}
      {capturing && held.length < field.max && (
        <p class="buttons">
          <input
            id={`${idOf(form, path)}-address`}
            type="url"
            aria-label="Address of a page"
            placeholder="https://…"
            value={typed}
            onInput={e => setTyped(e.currentTarget.value)}
          />
          <button
            type="button"
            disabled={address === undefined || capturing.busy}
            onClick={() => {
              capturing.capture(address!);
              setTyped('');
            }}
          >
            Capture
          </button>
        </p>
      )}
    </Labelled>
  );
}
