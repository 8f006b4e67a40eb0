import type { KindShapes } from '#pages/parts';
import type { EditorApi } from '../api.js';
import type { DeskStory } from '../contracts.js';
import { contentIn } from '../drafts.js';
import type { Value } from '../form-model/values.js';
import { AsReadersSeeIt, Lacks, usePreview } from './preview.js';

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
