import { useEffect, useState } from 'preact/hooks';
import { at, type Value } from '../form-model/values.js';

/** A small copy of the picture of a linked page, for a post that is not published yet. */
export interface SmallCopy {
  /** A data URL. */
  readonly href: string;
  readonly width: number;
  readonly height: number;
}
/** Loads the small copy of the picture that a ticket shows. */
export type LoadCopy = (ticket: string) => Promise<Blob>;

/** The copies that were loaded on this page, by the pictures' names; the oldest go first. */
const copies = new Map<string, SmallCopy>();
const mostCopies = 50;

interface Ticketed {
  readonly name: string;
  readonly ticket: string;
}

/** The pictures of captures that come with tickets: of the first captures, and of the latest. */
const ticketedIn = (captures: readonly Value[]): Ticketed[] =>
  captures
    .flatMap(capture => [at(capture, ['picture']), at(capture, ['again', 'picture'])])
    .flatMap(picture => {
      const ticket = at(picture, ['ticket']);
      return typeof ticket === 'string' ? [{ name: String(at(picture, ['picture'])), ticket }] : [];
    });

async function copyOf(blob: Blob): Promise<SmallCopy> {
  const { width, height } = await createImageBitmap(blob);
  const reader = new FileReader();
  const href = await new Promise<string>((resolve, reject) => {
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error!);
    reader.readAsDataURL(blob);
  });
  return { href, width, height };
}

/** Small copies of the pictures of these captures, by name, as far as they are loaded. One that cannot be loaded is not shown. */
export function useSmallCopies(captures: readonly Value[], load: LoadCopy | undefined): ReadonlyMap<string, SmallCopy> {
  const [, setLoaded] = useState(0);
  const wanted = ticketedIn(captures).filter(({ name }) => !copies.has(name));
  useEffect(() => {
    for (const { name, ticket } of load ? wanted : [])
      void load!(ticket)
        .then(copyOf)
        .then(copy => {
          copies.set(name, copy);
          if (copies.size > mostCopies) copies.delete(copies.keys().next().value!);
          setLoaded(copies.size);
        })
        .catch(() => undefined);
  }, [wanted.map(({ name }) => name).join()]);
  return copies;
}
