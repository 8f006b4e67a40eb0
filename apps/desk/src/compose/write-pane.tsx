import type { KindShapes } from '#pages/parts';
import type { ComponentChildren } from 'preact';
import { mayWrite } from '../acts.js';
import type { Catalogue, Me } from '../contracts.js';
import type { Form } from '../form/form.js';
import type { Draft, Person } from '../drafts.js';
import { at } from '../form-model/values.js';
import { standardDefaults } from '../kind/defaults.js';
import type { Known } from '../known.js';
import type { Continuable } from '../shared/continuable.js';
import { Clash, Ended, SharedLine } from '../shared/shared-line.js';
import type { Writing } from '../use-writing.js';
import { Composer } from './composer.js';
import { Conflict } from './conflict.js';
import { Foot, Meanwhile } from './pane.js';

interface Props {
  readonly writing: Writing;
  readonly known: Known;
  readonly catalogue: Catalogue;
  readonly kinds: KindShapes;
  readonly form: Omit<Form, 'name' | 'value' | 'put' | 'errors'>;
  readonly clock: (recorded: string) => string;
  readonly me: Me;
  /** Colleagues who are at the story now: a draft can be handed over to them. */
  readonly colleagues: readonly Person[];
  /** Opens the form of the story’s posting defaults. */
  readonly onDefaults: (() => void) | undefined;
}

/** The middle column of the desk: proposals to decide, and the form for people who may write. */
export function Work(props: {
  me: Me;
  /** How many proposals wait. */
  waits: number;
  waiting: ComponentChildren;
  children: ComponentChildren;
}) {
  const { me, waits, waiting, children } = props;
  const writes = mayWrite(me);
  return (
    <div class="pane write">
      {(!writes || waits > 0) && waiting}
      {writes && children}
    </div>
  );
}

/** What a draft to continue is called. */
function continueWords({ holder, words, changed }: Continuable, me: Me, clock: Props['clock']): string {
  const said = words === '' ? '' : `: ${words}`;
  if (holder && holder.id !== me.id) return `Take over ${holder.name ?? holder.id}’s draft of ${clock(changed)}${said}`;
  return `Continue the draft of ${clock(changed)}${said}`;
}

/** The drafts to continue, one's own and the team's, including the one just discarded. */
function Drafts({ writing, me, clock }: Pick<Props, 'clock' | 'me' | 'writing'>) {
  const { composing, others, resume } = writing;
  const { discarded, restore } = composing;
  return (
    <>
      {discarded && (
        <p class="meanwhile" role="status">
          <span>The draft was discarded.</span>
          <button type="button" onClick={restore}>
            Undo
          </button>
        </p>
      )}
      {others.map(other => (
        <button key={other.id} type="button" class="button-quiet draft" onClick={() => resume(other)}>
          {continueWords(other, me, clock)}
        </button>
      ))}
    </>
  );
}

/** What the button does, in words. */
function postLabel({ act, value }: Draft, submits: boolean): string {
  if (submits) return act === 'correct' ? 'Submit the revision' : 'Submit';
  if (act === 'correct') return 'Post the correction';
  if (at(value, ['embargo']) === undefined) return 'Post';
  return at(value, ['embargo', 'until']) === undefined ? 'Post under embargo' : 'Schedule';
}

/** Whose draft it is, and what colleagues did to it. */
function TeamPart(props: Pick<Props, 'writing' | 'me' | 'clock' | 'colleagues'> & { readonly draft: Draft }) {
  const { writing, draft, me, clock, colleagues } = props;
  const { renew, drop, shared, sharing } = writing.composing;
  if (shared.at === 'ended') return <Ended ended={shared.ended} onRenew={renew} onDrop={drop} />;
  return (
    <>
      {shared.at === 'clash' && (
        <Clash
          key={shared.theirs.version}
          draft={draft}
          theirs={shared.theirs}
          onSettle={taken => sharing.settle(taken)}
        />
      )}
      <SharedLine {...{ draft, me, clock, colleagues }} onGive={to => void writing.give(to)} />
    </>
  );
}

/** The form of the current draft, and the obstacles to posting it. */
export function WritePane({ writing, known, catalogue, kinds, form, clock, me, colleagues, onDefaults }: Props) {
  const { composing, pristine, theirs, post, amend, others } = writing;
  const { draft, progress, errors } = composing;
  const corrects = draft?.act === 'correct';
  const conditions = Object.entries(known.conditions).map(([id, { text }]) => ({ id, label: text, detail: id }));
  const reply = 'reply' in progress ? progress : undefined;
  return (
    <section aria-labelledby="write-title">
      <h2 id="write-title">{corrects ? 'Correction' : 'New post'}</h2>
      {draft && (
        <>
          <Meanwhile composing={composing} known={known} />
          <TeamPart {...{ writing, draft, me, clock, colleagues }} />
          {reply?.reply === 'conflict' && (
            <Conflict
              key={reply.head}
              draft={draft}
              concerns={reply.concerns}
              entries={known.entries}
              theirs={theirs}
              clock={clock}
              onGoOn={(value, was) => void post({ value, head: reply.head, ...(was !== undefined && { was }) })}
              onBack={composing.back}
            />
          )}
          <Composer
            draft={draft}
            catalogue={catalogue}
            form={{ ...form, errors }}
            conditions={conditions}
            kinds={kinds}
            defaults={known.story?.defaults ?? standardDefaults}
            onDefaults={onDefaults}
            own={me.name}
            onChange={(change, of) => composing.change(change, of)}
          />
          {reply?.reply === 'key-taken' && (
            <p class="meanwhile" role="status">
              <span>Your first version was already posted; only the answer was lost.</span>
              <button type="button" onClick={() => void amend()}>
                Make your later changes a correction
              </button>
            </p>
          )}
          {pristine && <Drafts {...{ writing, me, clock }} />}
          <Foot
            {...{ composing, pristine }}
            onPost={() => void post()}
            label={postLabel(draft, writing.submits)}
            others={others.length}
            onOthers={writing.aside}
          />
        </>
      )}
    </section>
  );
}
