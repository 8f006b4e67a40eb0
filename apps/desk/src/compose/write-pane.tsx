import type { KindShapes } from '#pages/parts';
import type { ComponentChildren } from 'preact';
import { mayWrite } from '../acts.js';
import type { Catalogue, Me } from '../contracts.js';
import type { Form } from '../form/form.js';
import type { Draft } from '../drafts.js';
import { at } from '../form-model/values.js';
import { standardDefaults } from '../kind/defaults.js';
import type { Known } from '../known.js';
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

/** The drafts to continue, including the one just discarded. */
function Drafts({ composing, clock }: Pick<Props, 'clock'> & Pick<Writing, 'composing'>) {
  const { others, discarded, restore, open } = composing;
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
        <button key={other.id} type="button" class="button-quiet" onClick={() => open(other)}>
          Continue the draft of {clock(other.changed)}
        </button>
      ))}
    </>
  );
}

/** What the button does, in words. */
function postLabel({ act, value }: Draft): string {
  if (act === 'correct') return 'Post the correction';
  if (at(value, ['embargo']) === undefined) return 'Post';
  return at(value, ['embargo', 'until']) === undefined ? 'Post under embargo' : 'Schedule';
}

/** The form of the current draft, and the obstacles to posting it. */
export function WritePane({ writing, known, catalogue, kinds, form, clock, me, onDefaults }: Props) {
  const { composing, pristine, theirs, post, amend } = writing;
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
            onChange={change => composing.change(change)}
          />
          {reply?.reply === 'key-taken' && (
            <p class="meanwhile" role="status">
              <span>Your first version was already posted; only the answer was lost.</span>
              <button type="button" onClick={() => void amend()}>
                Post your later changes as a correction
              </button>
            </p>
          )}
          {pristine && <Drafts composing={composing} clock={clock} />}
          <Foot composing={composing} onPost={() => void post()} label={postLabel(draft)} pristine={pristine} />
        </>
      )}
    </section>
  );
}
