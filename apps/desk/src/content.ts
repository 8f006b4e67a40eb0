import { withByline } from './drafts.js';
import { filledIn, type Value } from './form-model/values.js';
import type { EditorApi } from './api.js';
import type { Medium } from '#contract';
import type { DeskStory, ReadersEntry } from './contracts.js';
import { readersApi } from './follow.js';

type StoryLanguage = Pick<DeskStory, 'id' | 'language'>;

/** How long readers' pages are asked for a content as new as the desk's state, and the pause between, in milliseconds. */
const [longestMs, pauseMs] = [10_000, 250];

/**
 * Loads a development's content, in the form in which it is entered, at the story's position `from` or later. It comes from the readers'
 * API, which has unsealed and folded it already: the editor-api keeps no contents. Rejects if readers are behind for ten seconds.
 */
export async function contentOf(
  { id: story, language, from }: StoryLanguage & { readonly from: number },
  development: string,
  reader: string,
  api: EditorApi,
): Promise<Value> {
  const { entry, body } = await answerFrom(from, () => readersApi(reader).development(story, development));
  if (entry.status === 'taken-down') throw new Error('It has been taken down.');
  const { kind, headline, data, occurred, sourcing, modality, byline, captures, media } = entry;
  const { mode, conditions } = modality;
  const fields = {
    ...{ kind, headline, data, body: body ?? undefined, occurred, sourcing },
    ...(byline && { byline }),
    ...(media && { media: media.map(sentAgain) }),
    ...(captures && { captures: captures.map(capturedAgain) }),
    modality: { mode, ...(conditions.length > 0 && { conditions: conditions.map(({ id, text }) => ({ id, text })) }) },
  };
  return asEntered(fields as unknown as Value, language, api);
}

/** Asks until the answer is not older than this position. */
async function answerFrom<Answer extends { readonly position: number }>(
  from: number,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const over = AbortSignal.timeout(longestMs);
  const late = new Promise<never>((_, reject) => {
    over.onabort = () => reject(new Error('Readers’ pages are behind the log, or do not answer.'));
  });
  const asking = async (): Promise<Answer> => {
    for (;;) {
      const answer = await ask();
      if (answer.position >= from || over.aborted) return answer;
      await new Promise(resolve => setTimeout(resolve, pauseMs));
    }
  };
  return Promise.race([asking(), late]);
}

type Page = Pick<NonNullable<ReadersEntry['captures']>[number], 'picture'>;
const ofPage = <Made extends Page>({ picture, ...page }: Made) => ({
  ...page,
  ...(picture && {
    picture: {
      picture: picture.picture,
      sha256: picture.sha256,
      ...(picture.alt !== '' && { alt: picture.alt }),
    },
  }),
});

/** A capture as a correction sends it that shows it again. */
const capturedAgain = ({ again, ...first }: NonNullable<ReadersEntry['captures']>[number]) => ({
  ...ofPage(first),
  ...(again && { again: ofPage(again) }),
});

/** A picture as a correction sends it that shows it again. */
const sentAgain = ({ alt, picture, caption, credit, rights, focus, recording }: Medium) => ({
  picture,
  ...(alt === '' ? { decorative: true } : { alt }),
  ...{ caption, credit, rights, focus },
  ...(recording && { recording: { file: recording.file } }),
  ...(recording?.captions && { captions: { file: recording.captions.file } }),
});

/**
 * Prepares a content for correction. A headline that the kind generated, in the story's language, is removed and generated
 * again; an editor's headline is kept.
 */
export async function asEntered(content: Value, language: string | undefined, api: EditorApi): Promise<Value> {
  const { headline, ...fields } = content as { readonly headline?: Value };
  const written = (await headlineMade(fields, language, api)) !== headline;
  return withByline(content, filledIn({ ...fields, ...(written && { headline }) } as Value));
}

async function headlineMade(
  content: object,
  language: string | undefined,
  api: EditorApi,
): Promise<string | undefined> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await api.ask('/preview', { method: 'POST', headers, body: JSON.stringify({ content, language }) });
  const answer = await response.json();
  return response.ok ? answer.entry?.headline : undefined;
}
