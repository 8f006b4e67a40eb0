import { useState } from 'preact/hooks';
import { differences, merged } from '../difference.js';
import { at, type Value } from '../form-model/values.js';
import { summaryOf } from '../concerns.js';
import type { Commit, ReadersEntry } from '../contracts.js';
import type { Draft } from '../drafts.js';
import type { Theirs } from '../use-theirs.js';
import { Differences } from './differences.js';

interface Props {
  readonly draft: Draft;
  readonly concerns: readonly Commit[];
  readonly entries: ReadonlyMap<string, ReadersEntry>;
  /** The target's current content, once readers can see it. */
  readonly theirs: Theirs;
  readonly clock: (recorded: string) => string;
  readonly onGoOn: (value: Value, was: Value) => void;
  readonly onBack: () => void;
}

/** What is shown in place of the main button until their version is loaded. */
const NotLoaded = ({ failed, retry }: { failed: string | undefined; retry: () => void }) =>
  failed === undefined ? (
    <span class="hint">Loading their version …</span>
  ) : (
    <button type="button" onClick={retry}>
      Try again
    </button>
  );

/**
 * Shows changes that colleagues posted meanwhile, compares them with the draft, and offers ways to continue. It is not an
 * error: no text is lost.
 */
export function Conflict({ draft, concerns, entries, theirs: loaded, clock, onGoOn, onBack }: Props) {
  const { content: theirs, failed, retry } = loaded;
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const corrects = draft.act === 'correct';
  const mine = at(draft.value, ['content']);
  const found = corrects && theirs !== undefined ? differences(draft.was, theirs, mine) : [];
  // Only the present headline is known, so it is shown with the last change of each development.
  const lastOf = new Map(
    [...concerns]
      .sort((a, b) => a.position - b.position)
      .flatMap(commit => (commit.development ? [[commit.development, commit] as const] : [])),
  );
  const names = [...new Set(concerns.map(({ by }) => by.name ?? by.id))];
  const goOn = () => {
    if (!corrects || theirs === undefined) return onGoOn(draft.value, draft.was);
    const content = merged(draft.was, theirs, mine, taken);
    onGoOn({ ...(draft.value as object), content } as Value, theirs);
  };
  return (
    <section class="conflict" aria-labelledby="conflict-title" role="region">
      <h3 id="conflict-title" tabIndex={-1}>
        {names.length > 0 ? `${names.join(' and ')} posted meanwhile` : 'Too many posts arrived meanwhile to list'}
      </h3>
      <ul>
        {concerns.map(commit => (
          <li key={commit.commit}>
            <time dateTime={commit.recorded}>{clock(commit.recorded)}</time> {summaryOf(commit)}
            {commit.development && lastOf.get(commit.development) === commit && (
              <q>{entries.get(commit.development)?.headline ?? 'its text has not reached readers yet'}</q>
            )}
          </li>
        ))}
      </ul>
      {found.length > 0 && <Differences found={found} names={names.join(', ')} own={{ taken, onTake: setTaken }} />}
      <p class="hint">
        {corrects
          ? 'If you continue, their version is posted with your changes. Where both changed the same field, your choice above applies.'
          : 'Your text is not posted yet. If it is still news, continue: it is posted after theirs.'}
      </p>
      {failed !== undefined && (
        <p class="error" role="alert">
          Their version could not be loaded. {failed}
        </p>
      )}
      <p class="buttons">
        {corrects && theirs === undefined ? (
          <NotLoaded {...{ failed, retry }} />
        ) : (
          <button type="button" class="button-main" onClick={goOn}>
            Continue and post mine
          </button>
        )}
        <button type="button" onClick={onBack}>
          Back to my draft
        </button>
      </p>
    </section>
  );
}
