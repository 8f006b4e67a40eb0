import { usePageContext } from '../page-context.js';
import { links } from '../links.js';
import type { EntryView } from '../view.js';
import { Written } from './byline.js';
import { Pictures } from './pictures.js';
import { Captured } from './captured.js';
import { saidOf } from './state.js';
import { RecordedTime } from './facts.js';
import { capitalised } from '../wording.js';

/** The changes to an entry since it was posted, so that none is hidden from readers. */
export function Acts(entry: Pick<EntryView, 'id' | 'recorded' | 'corrections' | 'checks' | 'edits'>) {
  const { id, recorded: posted, corrections, checks } = entry;
  const { words, storyLanguage, story } = usePageContext();
  return (
    <>
      {corrections.length > 0 && (
        <div class="correction">
          <p class="act">{words.corrected(corrections.length)}</p>
          {corrections.map(({ recorded, wrong, reason, was }, n) => (
            <div key={n}>
              <p {...storyLanguage}>{wrong}</p>
              <p class="hint">
                <RecordedTime recorded={recorded} beside={posted} />. {words.why}:{' '}
                <bdi {...storyLanguage}>{reason}</bdi>
              </p>
              {was ? (
                <details>
                  <summary>{words.was}</summary>
                  <p {...storyLanguage}>
                    <del>{saidOf(was, words)}</del>
                  </p>
                  <Written by={was.byline} />
                  <Pictures of={was.media} />
                  <Captured pages={was.captures} />
                </details>
              ) : (
                <p class="hint">
                  <a href={links.development(story, id)}>{words.was}</a>
                </p>
              )}
            </div>
          ))}
        </div>
      )}
      {checks.map(({ verdict, note, recorded }) => (
        <p key={recorded} class={`check is-${verdict}`}>
          <strong>{words.verdicts[verdict]}</strong> <RecordedTime recorded={recorded} beside={posted} />:{' '}
          <bdi {...storyLanguage}>{note}</bdi>
        </p>
      ))}
      <Edited {...entry} />
    </>
  );
}

/** When the last slip of the pen was mended: on the entry's own page with the former texts, elsewhere with a link to that page. */
function Edited({ id, recorded: posted, edits }: Pick<EntryView, 'id' | 'recorded' | 'edits'>) {
  const { words, storyLanguage, story } = usePageContext();
  const last = edits.at(-1);
  if (!last) return null;
  const when = (
    <>
      {words.edited} <RecordedTime recorded={last.recorded} beside={posted} />
    </>
  );
  if (!last.was)
    return (
      <p class="hint edited">
        <a href={links.development(story, id)}>{when}</a>
      </p>
    );
  return (
    <details class="hint edited">
      <summary>{when}</summary>
      {edits.toReversed().flatMap(({ recorded, was }, n) =>
        was
          ? [
              <div key={n} {...storyLanguage}>
                <p>
                  <RecordedTime recorded={recorded} beside={posted} />. {words.was}: <del>{was.headline}</del>
                </p>
                {was.bodyHtml && <div class="body" dangerouslySetInnerHTML={{ __html: was.bodyHtml }} />}
              </div>,
            ]
          : [],
      )}
    </details>
  );
}

/** The remains of a withdrawn entry: that it existed, its subject, and why it is gone. */
export function Tombstone({ entry }: { entry: EntryView }) {
  const { words, storyLanguage } = usePageContext();
  const { retraction, takedown } = entry;
  if (!retraction)
    return (
      <div class="tombstone">
        <p class="act">
          {takedown ? (
            <>
              {words.removedOn} <RecordedTime recorded={takedown.recorded} /> ({words.grounds[takedown.ground]})
            </>
          ) : (
            words.labels.removed
          )}
        </p>
        <p>{words.removedWhy}</p>
      </div>
    );
  return (
    <div class="tombstone">
      <p class="act">{words.labels.retracted}</p>
      <h3 {...storyLanguage}>
        <del>{saidOf(entry, words)}</del>
      </h3>
      <p>
        {words.retractedWhy} <RecordedTime recorded={retraction.recorded} beside={entry.recorded} />. {words.why}:{' '}
        <bdi {...storyLanguage}>{retraction.reason}</bdi>
      </p>
    </div>
  );
}

/** A notice that another entry replaces this one. */
export function Superseded({ by, title }: { by: string | null; title: string | undefined }) {
  const { words, story, storyLanguage } = usePageContext();
  return (
    <p class="superseded">
      {words.superseded}{' '}
      {by && (
        <a href={links.development(story, by)}>
          {words.supersededBy}
          {title !== undefined && (
            <>
              {': '}
              <bdi {...storyLanguage}>{capitalised(title)}</bdi>
            </>
          )}
        </a>
      )}
    </p>
  );
}
