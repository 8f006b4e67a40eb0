import { pathTo } from '#client';
import { useState } from 'preact/hooks';
import { unasked } from '../acts.js';
import type { EditorApi } from '../api.js';
import type { Act, Actor, Me } from '../contracts.js';
import { filledIn, type Value } from '../form-model/values.js';
import type { Form } from '../form/form.js';
import type { Progress } from '../send.js';
import { sendCommand } from '../send-command.js';
import { newKey } from '../use-draft.js';
import { FormDialog } from './form-dialog.js';
import { groundOf, type Ending } from './proposals.js';
import { Proposing } from './two-people.js';

interface Props {
  readonly actor: Actor;
  readonly step: 'propose' | Ending;
  readonly acts: readonly Act[];
  readonly me: Me;
  readonly api: EditorApi;
  readonly form: Omit<Form, 'name' | 'value' | 'put' | 'errors'>;
  /** The address of the readers’ pages; null if it is not set up. */
  readonly reader: string | null;
  readonly clock: (recorded: string) => string;
  /** Finds posts of this story that have these words. */
  readonly onFind: (words: string) => void;
  /** Gets each outcome, also after the dialog was closed, and what to say if it is done. */
  readonly onAnswer: (progress: Progress, what: string) => void;
  readonly onClose: () => void;
}

const destroyed =
  'An approval permanently destroys the names, aliases and description of this actor, in all versions of its entry. Readers see “Name withdrawn” instead, at every moment. Nobody can undo this.';

const steps = {
  propose: { title: 'Propose to take down the name', done: 'Proposed to take down a name' },
  approve: { title: 'Approve: take down the name', done: 'Took down a name' },
  withdraw: { title: 'Withdraw or decline', done: 'Ended the proposal to take down a name' },
} as const;

/** The names that the takedown destroys, and the description. */
function Words({ name, aliases, description }: Pick<Actor, 'name' | 'aliases' | 'description'>) {
  return (
    <div class="about">
      <p>
        <strong>{name}</strong>
      </p>
      {aliases.length > 0 && <p>Also: {aliases.join(', ')}</p>}
      {description && <p>{description}</p>}
    </div>
  );
}

/** Posts keep the name in their words. Only an editor can decide what to correct and what to take down. */
function Elsewhere({ actor: { name, aliases }, reader, onFind }: Pick<Props, 'actor' | 'reader' | 'onFind'>) {
  const names = [name, ...aliases];
  return (
    <div class="two-people">
      <p>
        Posts keep the name where it is in their headline, text, quote or byline, also in a headline that the form
        wrote. Find them before an approval, and correct them or take them down.
      </p>
      <ul>
        {names.map(words => (
          <li key={words}>
            <button type="button" class="button-quiet" onClick={() => onFind(words)}>
              Find “{words}” in this story
            </button>{' '}
            {reader !== null && (
              <a
                href={`${reader + pathTo('s', '-', 'search')}?${new URLSearchParams({ q: words })}`}
                target="_blank"
                rel="noopener"
                aria-label={`Find “${words}” in all stories`}
              >
                in all stories
              </a>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Who proposed it, and why. */
function Proposed({ actor: { proposal }, clock }: Pick<Props, 'actor' | 'clock'>) {
  if (!proposal) return <p>This proposal is no longer open.</p>;
  const { by, as, recorded, reason } = proposal;
  return (
    <>
      <p>
        {by.name ?? by.id} proposed it as {as} at {clock(recorded)} ({groundOf(proposal)}): {reason}
      </p>
      <p class="hint">
        You decide on exactly this proposal, commit <code>{proposal.proposal.slice(0, 12)}</code>.
      </p>
    </>
  );
}

/** The takedown of an actor's entry: one person proposes it with a ground and a reason, another one approves it. */
export function ActorTakedownDialog(props: Props) {
  const { actor, step, acts, me, api, form, onAnswer, onClose } = props;
  const [key] = useState(newKey);
  // The proposal that the dialog was opened for: the person decides on what they read.
  const [opened] = useState(actor);
  const { title, done } = steps[step];
  // The takedown of a development takes the same ground and reason; a proposal about one ends with the same reason.
  const [on, route] =
    step === 'propose' ? (['development', 'propose-takedown'] as const) : (['proposal', step] as const);
  const act = acts.find(act => act.on === on && act.act === route);
  const path = step === 'propose' ? ['propose-takedown'] : ['proposals', opened.proposal?.proposal ?? '', step];
  const submit = async (value: Value): Promise<Progress> => {
    const body = (filledIn(value) ?? {}) as object;
    const request = { method: 'POST', path: pathTo('actors', actor.id, ...path), body, key } as const;
    const progress = (await sendCommand(request, api)) as Progress;
    onAnswer(progress, done);
    return progress;
  };
  return (
    <FormDialog
      title={title}
      submit={title}
      schema={act?.body}
      start={{}}
      unasked={act ? unasked(act, me) : []}
      form={form}
      onSubmit={submit}
      onClose={onClose}
    >
      <Words {...opened} />
      {step === 'propose' && act && <Proposing act={act} me={me} outcome={destroyed} />}
      {step !== 'propose' && (
        <div class="two-people">
          <Proposed {...props} actor={opened} />
          <p>{step === 'approve' ? destroyed : 'This ends the proposal, and readers never see it.'}</p>
        </div>
      )}
      {step !== 'withdraw' && <Elsewhere {...props} actor={opened} />}
    </FormDialog>
  );
}
