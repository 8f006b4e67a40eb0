import { pageContext, PageContextProvider, Entry, type KindShapes } from '#pages/parts';
import { createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import type { EditorApi } from '../api.js';
import type { DeskStory, FieldError, ReadersEntry } from '../contracts.js';
import { contentIn, type Draft } from '../drafts.js';
import { formOf, type Schema } from '../form-model/fields.js';
import { at } from '../form-model/values.js';
import { useSmallCopies, type SmallCopy } from '../form/small-copies.js';
import { capturesIn } from '../form/use-capturing.js';
import { lacking } from '../form/said.js';
import { withSaidByline } from '../kind/byline.js';
import { Embargo } from '../ui/embargo.js';

/** The state of a preview: shown, incomplete, or not available. */
export type Previewed =
  { readonly entry: ReadersEntry } | { readonly lacks: readonly FieldError[] } | { readonly unknown: string };

const restMs = 250;

/** Asks for the readers' view of a content in a story of this language, when the editor stops typing. */
export function usePreview(
  api: EditorApi,
  content: unknown,
  { id: story, language }: Pick<DeskStory, 'id' | 'language'>,
): Previewed | undefined {
  const [previewed, setPreviewed] = useState<Previewed>();
  const asked = JSON.stringify({ content, language, story });
  useEffect(() => {
    if (content === undefined) return setPreviewed(undefined);
    let over = false;
    const ask = async () => {
      const next = await preview(api, asked);
      if (!over) setPreviewed(next);
    };
    const timer = setTimeout(() => void ask(), restMs);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [api, asked]);
  return previewed;
}

async function preview(api: EditorApi, body: string): Promise<Previewed> {
  try {
    const headers = { 'Content-Type': 'application/json' };
    const response = await api.ask('/preview', { method: 'POST', headers, body });
    const answer = await response.json();
    return response.ok ? (answer as Previewed) : { unknown: String(answer.detail) };
  } catch {
    return { unknown: 'No preview: the newsroom does not answer. Your draft is kept here.' };
  }
}

/** The address of the readers' API, which has the pictures; null if it is not set up. */
export const ReadersAddress = createContext<string | null>(null);

/** The entry with the addresses of its pictures on the readers' API; without pictures where that is not set up. */
function withPictures({ media, captures, ...entry }: ReadersEntry, reader: string | null): ReadersEntry {
  const there = ({ href, ...source }: Source) => ({ ...source, href: href.startsWith('/') ? reader + href : href });
  const shown = <Shown extends { readonly sources: Source[] }>(one: Shown): Shown => ({
    ...one,
    sources: one.sources.map(there).filter(({ href }) => reader !== null || href.startsWith('data:')),
  });
  const played = ({ href, captions, ...recording }: Recording): Recording => ({
    ...recording,
    href: reader + href,
    ...(captions && { captions: { ...captions, href: reader + captions.href } }),
  });
  const playing = ({ recording, ...medium }: Medium): Medium => ({
    ...shown(medium),
    ...(recording && { recording: played(recording) }),
  });
  return {
    ...entry,
    ...(media && reader !== null && { media: media.map(playing) }),
    ...(captures && { captures: mapPagePictures(captures, shown) }),
  };
}

type Medium = NonNullable<ReadersEntry['media']>[number];
type Recording = NonNullable<Medium['recording']>;
type Captures = NonNullable<ReadersEntry['captures']>;
type PagePicture = NonNullable<Captures[number]['picture']>;
type Source = PagePicture['sources'][number];

const mapPagePictures = (captures: Captures, to: (picture: PagePicture) => PagePicture): Captures => {
  const page = <Page extends Pick<Captures[number], 'picture'>>({ picture, ...rest }: Page) => ({
    ...rest,
    ...(picture && { picture: to(picture) }),
  });
  return captures.map(({ again, ...first }) => ({ ...page(first), ...(again && { again: page(again) }) }));
};

/** A draft's entry with small copies of the pictures of linked pages, which have no public address yet. */
function withCopies({ captures, ...entry }: ReadersEntry, copies: ReadonlyMap<string, SmallCopy>): ReadersEntry {
  const copied = (picture: PagePicture): PagePicture => {
    const copy = copies.get(picture.picture);
    if (!copy) return picture;
    const { width, height } = copy;
    return { ...picture, width, height, colour: null, sources: [{ ...copy, type: 'image/webp' }] };
  };
  return { ...entry, ...(captures && { captures: mapPagePictures(captures, copied) }) };
}

/** An entry, rendered by the component of the readers' pages. */
export function AsReadersSeeIt({ entry, story, kinds }: { entry: ReadersEntry; story: DeskStory; kinds: KindShapes }) {
  const reader = useContext(ReadersAddress);
  const of = pageContext({ story: story.id, language: story.language ?? null, zone: story.zone, kinds });
  return (
    <PageContextProvider.Provider value={of}>
      <div class="readers" {...of.storyLanguage}>
        <Entry entry={withPictures(entry, reader)} dated />
      </div>
    </PageContextProvider.Provider>
  );
}

/** The draft as readers will see it, or what it still lacks. */
export function DraftPreview(props: {
  draft: Draft;
  content: Schema;
  story: DeskStory;
  kinds: KindShapes;
  api: EditorApi;
}) {
  const { draft, content: schema, story, kinds, api } = props;
  const { value, act } = draft;
  const content = contentIn(at(value, ['content']), act === 'record');
  const previewed = usePreview(api, act === 'record' ? content : withSaidByline(content), story);
  const copies = useSmallCopies(capturesIn(value), ticket => api.smallCopy(story.id, ticket));
  const embargo = at(value, ['embargo']);
  const until = at(embargo, ['until']);
  const fields = useMemo(() => {
    const form = formOf(schema, String(at(value, ['content', 'kind'])));
    return new Map([...(form?.common ?? []), ...(form?.own ?? [])].map(field => [field.name, field]));
  }, [schema, at(value, ['content', 'kind'])]);
  return (
    <section class="preview" aria-labelledby="preview-title" aria-busy={previewed === undefined}>
      <h2 id="preview-title">Your draft, as readers will see it</h2>
      {embargo !== undefined && (
        <p class="meanwhile">
          <Embargo until={typeof until === 'string' ? until : undefined} />
        </p>
      )}
      {previewed && 'entry' in previewed && (
        <AsReadersSeeIt entry={withCopies(previewed.entry, copies)} story={story} kinds={kinds} />
      )}
      {previewed && 'lacks' in previewed && (
        <p class="hint">{lacking(previewed.lacks, fields).slice(0, 4).join(' ')}</p>
      )}
      {previewed && 'unknown' in previewed && <p class="hint">{previewed.unknown}</p>}
    </section>
  );
}
