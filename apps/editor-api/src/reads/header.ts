import { headerWordsOf, settingsOf, storyStream, type Header, type HeaderWords } from '#domain';
import { KeyStoreError, openPayload, type Key, type Keys } from '#keys';
import type { WriteModel } from '../commands/write-model.js';

/** The words of a story's header. Null where its key is destroyed or not given. Throws a KeyStoreError where it does not open. */
export function wordsOf(story: string, header: Header, key: Key | undefined): HeaderWords | null {
  if (header.text === undefined) return header.words;
  if (!key) return null;
  const { text, told, sealedIn } = header;
  const words = openPayload(storyStream(story), sealedIn, { text, told: told as string }, key);
  return words && headerWordsOf(words);
}

/** The keys of the headers of these stories. Without the key store the desk goes on: it shows a story's id instead of its title. */
export async function headerKeysOf(
  { stories }: WriteModel,
  store: { keysOf(texts: Iterable<string>): Promise<Keys> },
  ids: readonly string[],
): Promise<Keys> {
  const texts = ids.flatMap(id => stories.records.get(id)?.state.header?.text ?? []);
  try {
    return texts.length === 0 ? new Map() : await store.keysOf(texts);
  } catch (error) {
    if (error instanceof KeyStoreError) return new Map();
    throw error;
  }
}

/** The title that the desk shows while a story has none: its header was taken down and nobody has written another one. */
export const noTitle = 'Headline taken down';

/** The header of a story, as the desk shows it. */
export function shownHeader(story: string, header: Header, keys: Pick<Keys, 'get'>) {
  const key = header.text === undefined ? undefined : keys.get(header.text);
  const words = wordsOf(story, header, key);
  return {
    ...settingsOf(header),
    ...(words ?? { title: key && 'destroyed' in key ? noTitle : story }),
    header: header.text ?? null,
  };
}
