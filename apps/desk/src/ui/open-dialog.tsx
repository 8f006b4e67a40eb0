import type { KindShapes } from '#pages/parts';
import { mayDo, unasked } from '../acts.js';
import type { EditorApi } from '../api.js';
import type { Act, DeskStory } from '../contracts.js';
import { filledIn, type Value } from '../form-model/values.js';
import { drawNow, type FormAround } from '../form/form.js';
import { nameOf, type Row } from '../known.js';
import { isSent, type Progress } from '../send.js';
import type { Followed, Newsroom } from '../use-newsroom.js';
import type { Writing } from '../use-writing.js';
import { ActorTakedownDialog } from './actor-takedown.js';
import { ClassifyDialog } from './classify-dialog.js';
import { ActDialog, AmendDialog, RegisterDialog } from './dialogs.js';
import { EditDialog } from './edit-dialog.js';
import { notDone } from './form-dialog.js';
import { headlineOf, HeadlinesDialog, useHeadlines } from './headlines.js';
import { Help } from './help.js';
import { KeyPointsDialog } from './key-points-dialog.js';
import { pointOf, usePoints } from './key-point-words.js';
import { Palette, type Offer } from './palette.js';
import type { Ending } from './proposals.js';
import { RecaptureDialog } from './recapture-dialog.js';
import { TeamDialog } from './team-dialog.js';
import { TwoPeople } from './two-people.js';

/** The dialog that is open at the desk. */
export type Open =
  | { readonly dialog: 'help' | 'palette' | 'headlines' | 'key-points' | 'team' }
  | { readonly dialog: 'classify' | 'edit' | 'recapture'; readonly target: string }
  | { readonly dialog: 'amend'; readonly actor: string }
  | { readonly dialog: 'actor-takedown'; readonly actor: string; readonly step: 'propose' | Ending }
  | { readonly dialog: 'act'; readonly act: Act; readonly target: string; readonly start?: Value }
  | { readonly dialog: 'register'; readonly typed: string; readonly onDone: (id: string, name: string) => void };

/** What to say of an act that was performed. */
export const doneWords = ({ title }: Act): string => `Done: ${title.toLowerCase()}`;

/** A development can neither link to nor supersede itself, so forms about it do not offer it. */
const withoutChoice = (form: FormAround, target: string) => ({
  ...form,
  choices: { ...form.choices, developments: form.choices.developments.filter(({ id }) => id !== target) },
});

/** What the story has of that which an act replaces. Undefined if the act replaces nothing. */
const heldBy = ({ act, on }: Act, { approvals }: Followed['proposed'], story: DeskStory): Value => {
  if (act === 'posting-defaults') return story.defaults as Value;
  if (on === 'story' && act === 'amend') {
    const { title, summary, zone, language, starts, ends } = story;
    return filledIn({ title, summary, zone, language, starts, ends });
  }
  return act.endsWith('approvals') ? { acts: approvals } : undefined;
};

interface Props {
  readonly open: Open;
  readonly api: EditorApi;
  readonly newsroom: Newsroom;
  readonly followed: Followed;
  readonly story: DeskStory;
  readonly rows: readonly Row[];
  readonly writing: Pick<Writing, 'beginCorrection' | 'contentNow'>;
  readonly kinds: KindShapes;
  /** The address of the readers’ API; null if it is not set up. */
  readonly reader: string | null;
  readonly form: FormAround;
  readonly clock: (recorded: string) => string;
  /** The actions of the palette. */
  readonly offers: () => readonly Offer[];
  /** Reports the outcome of an act: `what` says it in words. */
  readonly done: (progress: Progress, what: string) => void;
  /** Reports what is done without waiting for readers. */
  readonly say: (what: string) => void;
  /** Closes the dialog and finds posts of the story that have these words. */
  readonly onFind: (words: string) => void;
  readonly onAct: (act: Act, target: string) => void;
  /** Whether this dialog is still open: an answer may come later. */
  readonly isOpen: () => boolean;
  /** Closes this dialog. Does nothing if another one is open now. */
  readonly onClose: () => void;
}

/** Shows the open dialog. A dialog whose act was performed closes. */
export function OpenDialog(props: Props) {
  const { open, api, newsroom, followed, story, rows, writing, kinds, form, clock, offers, done, onClose } = props;
  const { reader, say, onFind, onAct, isOpen } = props;
  const { me, catalogue } = newsroom;
  const { proposed, known, loadActors } = followed;
  const takedown = catalogue.acts.find(each => each.on === 'text' && mayDo(each, me));
  const proposalOf = (target: string) => proposed.proposals.find(({ proposal }) => proposal === target);
  const rowOf = (target: string) => {
    const id = proposalOf(target)?.development ?? target;
    return rows.find(({ development }) => development.id === id);
  };
  const subject = open.dialog === 'act' ? (proposalOf(open.target)?.text ?? open.target) : null;
  const isOfText = open.dialog === 'act' && (open.act.on === 'text' || subject !== open.target);
  const headlines = useHeadlines(reader, story, known.visible, isOfText || open.dialog === 'headlines');
  const points = usePoints(api, story, isOfText);
  const words = headlineOf(headlines, subject) ?? pointOf(points, subject);
  const about = (target: string) => {
    const found = rowOf(target);
    const headline = isOfText ? words?.title : undefined;
    return (found ? nameOf(found) : known.conditions[target]?.text) ?? headline ?? story.title;
  };
  /** Closes the dialog of an act that is done. If it is not, its dialog says why, unless it was closed. */
  const ended = (title: string, progress: Progress, onSent: () => void) => {
    if (isSent(progress)) {
      onSent();
      onClose();
    } else if (!isOpen()) say(notDone(title, progress));
  };
  const over = (title: string, what: string) => (progress: Progress) =>
    ended(title, progress, () => done(progress, what));
  switch (open.dialog) {
    case 'help':
      return <Help onClose={onClose} />;
    case 'palette':
      return <Palette offers={offers()} onTyped={followed.find} onClose={onClose} />;
    case 'headlines':
      return (
        <HeadlinesDialog
          {...{ headlines, me, clock, onAct, onClose }}
          acts={catalogue.acts}
          proposals={proposed.proposals}
        />
      );
    case 'team':
      return <TeamDialog {...{ api, me, onClose }} story={story.id} team={followed.team} />;
    case 'key-points':
      return (
        <KeyPointsDialog
          {...{ api, story, rows, clock, onClose }}
          onTakedown={takedown && (text => onAct(takedown, text))}
          onAnswer={over('What we know', 'Saved what we know')}
        />
      );
    case 'classify':
      return (
        <ClassifyDialog
          {...{ api, form, catalogue, story, target: open.target, onClose }}
          about={about(open.target)}
          onAnswer={over('Classify', 'Classified')}
        />
      );
    case 'edit':
      return (
        <EditDialog
          {...{ api, form, catalogue, story, target: open.target, onClose }}
          load={() => writing.contentNow(open.target)}
          onCorrect={correction => {
            // The closed dialog gives the focus back first.
            drawNow(onClose);
            writing.beginCorrection({ target: open.target, ...correction });
          }}
          onAnswer={over('Minor edit', 'Edited')}
        />
      );
    case 'recapture':
      return (
        <RecaptureDialog
          {...{ api, form, story, target: open.target, onClose }}
          load={() => writing.contentNow(open.target)}
          onAnswer={over('Capture again', 'Captured again')}
        />
      );
    case 'act': {
      const { act, target } = open;
      const proposal = proposalOf(target);
      return (
        <ActDialog
          {...{ api, story, act, target, onClose }}
          about={about(target)}
          form={withoutChoice(form, target)}
          {...(open.start === undefined ? { held: heldBy(act, proposed, story) } : { start: open.start })}
          unasked={unasked(act, me)}
          onAnswer={over(act.title, doneWords(act))}
        >
          <TwoPeople
            {...{ act, me, kinds, clock, story, row: rowOf(target), headline: words }}
            {...(proposal && { proposal })}
          />
        </ActDialog>
      );
    }
    case 'amend': {
      const actor = followed.actors.get(open.actor)!;
      return (
        <AmendDialog
          {...{ api, form, catalogue, actor, onClose }}
          onAnswer={progress => ended(`Amend ${actor.name}`, progress, () => void loadActors().catch(() => undefined))}
        />
      );
    }
    case 'actor-takedown':
      return (
        <ActorTakedownDialog
          {...{ api, me, form, reader, clock, step: open.step, onClose }}
          acts={catalogue.acts}
          actor={followed.actors.get(open.actor)!}
          onFind={onFind}
          onAnswer={(progress, what) =>
            ended('Takedown of a name', progress, () => {
              void loadActors().catch(() => undefined);
              say(`${what}.`);
            })
          }
        />
      );
    case 'register':
      return (
        <RegisterDialog
          {...{ api, form, catalogue, typed: open.typed, onClose }}
          onAnswer={async (progress, actor, name) => {
            if (isSent(progress)) await loadActors().catch(() => undefined);
            // If the dialog was closed, another draft may be open than the one that the actor was registered for.
            const taken = () => (isOpen() ? open.onDone(actor, name) : say(`Registered: ${name}.`));
            ended(`Register ${name}`, progress, taken);
          }}
        />
      );
  }
}
