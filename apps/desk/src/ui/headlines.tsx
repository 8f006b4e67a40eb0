import type { HeaderVersion } from '#contract';
import { wordsFor } from '#pages/parts';
import { useEffect, useState } from 'preact/hooks';
import { mayDo } from '../acts.js';
import type { Act, DeskStory, Me, Proposal } from '../contracts.js';
import { readersApi } from '../follow.js';
import { Dialog } from './dialog.js';

const { grounds } = wordsFor('en');

/** The versions of a story's header, the current one first; a reason if they are not here. Undefined while they load. */
export type Headlines = readonly HeaderVersion[] | { readonly why: string } | undefined;

const unset = 'The former headlines are on the readers’ pages, which are not set up here (PUBLIC_URL).';
const unanswered = 'The readers’ pages, which have the former headlines, do not answer. Try again in a moment.';

/** Loads the headlines that readers have of a story: they have each one that ever was. `visible`: the position that readers see. */
export function useHeadlines(
  reader: string | null,
  { id }: Pick<DeskStory, 'id'>,
  visible: number,
  wanted: boolean,
): Headlines {
  const [headlines, setHeadlines] = useState<Headlines>();
  useEffect(() => {
    if (!wanted) return;
    if (reader === null) return setHeadlines({ why: unset });
    let over = false;
    const set = (now: Headlines) => over || setHeadlines(now);
    readersApi(reader)
      .story(id)
      .then(
        ({ headers }) => set(headers),
        () => set({ why: unanswered }),
      );
    return () => {
      over = true;
    };
  }, [reader, id, visible, wanted]);
  return headlines;
}

/** The version of the header with this id, if it is here. */
export const headlineOf = (headlines: Headlines, text: string | null): HeaderVersion | undefined =>
  Array.isArray(headlines) ? (headlines as readonly HeaderVersion[]).find(version => version.text === text) : undefined;

/** A version's words, or the ground on which they were taken down. */
export function HeadlineWords({ title, summary, takedown }: Pick<HeaderVersion, 'title' | 'summary' | 'takedown'>) {
  if (title === null) return <p class="hint">Taken down{takedown && ` (${grounds[takedown.ground]})`}.</p>;
  return (
    <div class="about">
      <p>
        <strong>{title}</strong>
      </p>
      {summary && <p>{summary}</p>}
    </div>
  );
}

interface Props {
  readonly headlines: Headlines;
  readonly acts: readonly Act[];
  readonly me: Me;
  readonly proposals: readonly Proposal[];
  readonly clock: (recorded: string) => string;
  readonly onAct: (act: Act, text: string) => void;
  readonly onClose: () => void;
}

/** Every headline that the story has had, each with its takedown. */
export function HeadlinesDialog({ headlines, acts, me, proposals, clock, onAct, onClose }: Props) {
  const possible = acts.filter(act => act.on === 'text' && mayDo(act, me));
  return (
    <Dialog title="Headlines" onClose={onClose}>
      {headlines === undefined && <p role="status">Loading the headlines …</p>}
      {headlines && 'why' in headlines && <p role="status">{headlines.why}</p>}
      {Array.isArray(headlines) && (
        <ol class="headlines">
          {(headlines as readonly HeaderVersion[]).map((version, n) => {
            const { text, title, recorded, by, reason } = version;
            const isProposed = proposals.some(proposal => proposal.text === text);
            return (
              <li key={text ?? n}>
                <p class="hint">
                  {n === 0 ? 'Now, since ' : 'From '}
                  <time dateTime={recorded}>{clock(recorded)}</time>
                  {by && `, ${by}`}
                  {reason && `: ${reason}`}
                </p>
                <HeadlineWords {...version} />
                {title !== null && text === null && (
                  <p class="hint">It is from before headlines had keys, so it cannot be taken down.</p>
                )}
                {title !== null && isProposed && <p class="hint">A takedown of it waits for a second person.</p>}
                {title !== null && text !== null && !isProposed && (
                  <p class="buttons">
                    {possible.map(act => (
                      <button key={act.act} type="button" onClick={() => onAct(act, text)}>
                        {act.title} <span class="unseen">“{title}”</span>
                      </button>
                    ))}
                  </p>
                )}
              </li>
            );
          })}
        </ol>
      )}
    </Dialog>
  );
}
