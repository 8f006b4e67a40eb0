import { useState } from 'preact/hooks';
import { Differences } from '../compose/differences.js';
import type { EndedDraft, SharedDraft } from '../contracts.js';
import { differences } from '../difference.js';
import type { Draft, Person } from '../drafts.js';
import { withoutNulls } from './save.js';

const nameOf = ({ name, id }: Person) => name ?? id;

interface ClashProps {
  readonly draft: Draft;
  readonly theirs: SharedDraft;
  readonly onSettle: (taken: ReadonlySet<string>) => void;
}

/** Shows what a colleague changed in the same fields of the draft, and lets the editor choose. Until then nothing is saved. */
export function Clash({ draft, theirs, onSettle }: ClashProps) {
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const found = differences(draft.saved?.value, withoutNulls(theirs.value), draft.value);
  const name = nameOf(theirs.by);
  return (
    <section class="conflict" aria-labelledby="clash-title" role="region">
      <h3 id="clash-title">{name} changed this draft at the same time</h3>
      <Differences found={found} names={name} own={{ taken, onTake: setTaken }} />
      <p class="hint">Where both changed the same field, choose one. Yours is kept in this browser until then.</p>
      <p class="buttons">
        <button type="button" class="button-main" onClick={() => onSettle(taken)}>
          Continue with these
        </button>
      </p>
    </section>
  );
}

interface EndedProps {
  readonly ended: EndedDraft | undefined;
  readonly onRenew: () => void;
  readonly onDrop: () => void;
}

function endOf(ended: EndedDraft | undefined): string {
  if (!ended) return 'This draft has ended.';
  if (ended.how === 'taken-down') return 'The post that this draft corrects was taken down, so the draft has ended.';
  return `${nameOf(ended.by)} ${ended.how} this draft.`;
}

/** Says how the open draft ended. What is here can be kept, unless what it corrects was taken down. */
export function Ended({ ended, onRenew, onDrop }: EndedProps) {
  return (
    <p class="meanwhile" role="status">
      <span>{endOf(ended)} What you see is your copy.</span>
      <button type="button" onClick={onDrop}>
        Close it
      </button>
      {ended?.how !== 'taken-down' && (
        <button type="button" class="button-quiet" onClick={onRenew}>
          Keep it as a new draft
        </button>
      )}
    </p>
  );
}

interface SharedLineProps {
  readonly draft: Draft;
  readonly me: Person;
  readonly colleagues: readonly Person[];
  readonly clock: (instant: string) => string;
  readonly onGive: (to: Person | undefined) => void;
}

/** Whose draft it is and who wrote it, with its handing over. */
export function SharedLine({ draft: { saved }, me, colleagues, clock, onGive }: SharedLineProps) {
  if (!saved) return null;
  const { holder, versions = [] } = saved;
  const mine = holder.id === me.id;
  const writers = versions.map(({ by, saved }) => `${nameOf(by)}, until ${clock(saved).slice(0, 5)}`);
  return (
    <div class="shared-line">
      {!mine && (
        <p class="meanwhile" role="status">
          <span>{nameOf(holder)}’s draft</span>
          <button type="button" onClick={() => onGive(undefined)}>
            Take it over
          </button>
        </p>
      )}
      {new Set(versions.map(({ by }) => by.id)).size > 1 && (
        <details>
          <summary>Who wrote it</summary>
          <ol reversed>
            {writers.map(writer => (
              <li key={writer}>{writer}</li>
            ))}
          </ol>
        </details>
      )}
      {mine && colleagues.length > 0 && (
        <p class="hand-over">
          <label>
            Hand over to{' '}
            <select
              value=""
              onChange={event => {
                const to = colleagues.find(({ id }) => id === event.currentTarget.value);
                if (to) onGive(to);
                event.currentTarget.value = '';
              }}
            >
              <option value="">…</option>
              {colleagues.map(colleague => (
                <option key={colleague.id} value={colleague.id}>
                  {nameOf(colleague)}
                </option>
              ))}
            </select>
          </label>
        </p>
      )}
    </div>
  );
}
