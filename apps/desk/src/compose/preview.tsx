import { pageContext, PageContextProvider, Entry, type KindShapes } from '#pages/parts';
import { useEffect, useState } from 'preact/hooks';
import type { EditorApi } from '../api.js';
import type { DeskStory, FieldError, ReadersEntry } from '../contracts.js';
import { contentIn } from '../drafts.js';
import { labelOf } from '../form-model/fields.js';
import type { Value } from '../form-model/values.js';

/** The state of a preview: shown, incomplete, or not available. */
export type Previewed =
  { readonly entry: ReadersEntry } | { readonly lacks: readonly FieldError[] } | { readonly unknown: string };

const restMs = 250;

/** Asks for the readers' view of a content in a story of this language, when the editor stops typing. */
export function usePreview(api: EditorApi, content: unknown, language: string | undefined): Previewed | undefined {
  const [previewed, setPreviewed] = useState<Previewed>();
  const asked = JSON.stringify({ content, language });
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

/** An entry, rendered by the component of the readers' pages. */
export function AsReadersSeeIt({ entry, story, kinds }: { entry: ReadersEntry; story: DeskStory; kinds: KindShapes }) {
  const of = pageContext({ story: story.id, language: story.language ?? null, zone: story.zone, kinds });
  return (
    <PageContextProvider.Provider value={of}>
      <div class="readers" {...of.storyLanguage}>
        <Entry entry={entry} />
      </div>
    </PageContextProvider.Provider>
  );
}

/** The missing fields, in one line. */
export function Lacks({ lacks }: { lacks: readonly FieldError[] }) {
  const names = [
    ...new Set(lacks.map(({ field }) => labelOf(field.split('.').findLast(step => /\D/.test(step)) ?? field))),
  ];
  return <p class="hint">Still missing: {names.slice(0, 6).join(', ').toLowerCase()}.</p>;
}

/** The draft as readers will see it, or its missing fields. */
export function DraftPreview({
  content,
  story,
  kinds,
  api,
}: {
  content: Value;
  story: DeskStory;
  kinds: KindShapes;
  api: EditorApi;
}) {
  const previewed = usePreview(api, contentIn(content), story.language);
  return (
    <section class="preview" aria-labelledby="preview-title" aria-busy={previewed === undefined}>
      <h2 id="preview-title">Your draft, as readers will see it</h2>
      {previewed && 'entry' in previewed && <AsReadersSeeIt entry={previewed.entry} story={story} kinds={kinds} />}
      {previewed && 'lacks' in previewed && <Lacks lacks={previewed.lacks} />}
      {previewed && 'unknown' in previewed && <p class="hint">{previewed.unknown}</p>}
    </section>
  );
}
