import { pathTo } from '#client';
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { filledIn, put, type Value } from '../form-model/values.js';
import type { EditorApi } from '../api.js';
import type { Act, Actor, Catalogue, DeskStory } from '../contracts.js';
import { isSame, merged } from '../difference.js';
import { bodyOf, type Draft } from '../drafts.js';
import type { Form } from '../form/form.js';
import { slugOf } from '../match.js';
import { isSent, send, type Progress } from '../send.js';
import { sendCommand } from '../send-command.js';
import { begun, newKey } from '../use-draft.js';
import { FormDialog, refusal } from './form-dialog.js';

type PageContext = Omit<Form, 'name' | 'value' | 'put' | 'errors'>;

/** The draft of an act before any input. */
export const draftOf = (act: Act, target: string, story: DeskStory): Draft =>
  begun({ story: story.id, act: act.act, on: act.on, target, value: {}, head: story.head });

const overtaken = refusal(
  'overtaken',
  'A colleague changed it meanwhile, so your change is not saved. Load it as it is now, look at it, and send again.',
);

/** The values of a form after a colleague changed what filled it: theirs, with what was changed here. */
export const refilled = (was: Value, now: Value, typed: Value): Value =>
  merged(bodyOf(was), bodyOf(now), bodyOf(typed));

/** The values of a form that the newsroom's state fills. Sending them replaces the whole, so what a colleague changed must be in them first. */
function useFilled(held: Value) {
  const [filled, setFilled] = useState({ held, start: held, times: 0 });
  const typed = useRef(held);
  const refill = (now: Value) => {
    const start = refilled(filled.held, now, typed.current);
    typed.current = start;
    setFilled({ held: now, start, times: filled.times + 1 });
  };
  return { ...filled, refill, onChange: (_: Value, after: Value) => (typed.current = after) };
}

/** Offers to load what a colleague changed. */
const Overtaken = ({ onLoad }: { onLoad: () => void }) => (
  <p class="meanwhile" role="status">
    <span>This form is older than a colleague’s change.</span>
    <button type="button" onClick={onLoad}>
      Load it as it is now
    </button>
  </p>
);

/** The form of an act on an existing target, with the fields of the act's body. */
export function ActDialog(props: {
  act: Act;
  target: string;
  about: string;
  story: DeskStory;
  api: EditorApi;
  form: PageContext;
  /** Initial values. */
  start?: Value;
  /** What the story has now, of which the act replaces the whole. The form begins with it. */
  held?: Value | undefined;
  /** Fields that the form omits. */
  unasked?: readonly string[];
  children?: ComponentChildren;
  /** Gets each outcome, also after the dialog was closed. */
  onAnswer: (progress: Progress) => void;
  onClose: () => void;
}) {
  const { act, target, about, story, api, form, start = {}, held, unasked = [], children, onAnswer, onClose } = props;
  // The key stays the same while the dialog is open: however often the act is sent, it is performed once.
  const [draft] = useState(() => draftOf(act, target, story));
  const [head, setHead] = useState(story.head);
  const { times, start: filled, refill, onChange } = useFilled(held ?? start);
  const [isOvertaken, setOvertaken] = useState(false);
  const submit = async (value: Value): Promise<Progress> => {
    const progress = await send({ ...draft, value, head }, api, () => undefined);
    onAnswer(progress);
    if (!('reply' in progress) || progress.reply !== 'conflict') return progress;
    setOvertaken(held !== undefined);
    if (held !== undefined) return overtaken;
    setHead(progress.head);
    return progress;
  };
  const load = () => {
    refill(held);
    // Of the same state as the values: if a colleague's change is not here yet, the next attempt is a conflict too.
    setHead(story.head);
    setOvertaken(false);
  };
  return (
    <FormDialog
      key={times}
      title={act.title}
      submit={act.title}
      careful={act.act === 'lift'}
      schema={act.body}
      start={filled}
      unasked={unasked}
      form={form}
      onChange={onChange}
      onSubmit={submit}
      onClose={onClose}
    >
      <p class="about">{about}</p>
      {children}
      {isOvertaken && <Overtaken onLoad={load} />}
    </FormDialog>
  );
}

/** Registers a missing actor without leaving the form. The id follows the name until it is typed. */
export function RegisterDialog({
  typed,
  catalogue,
  api,
  form,
  onAnswer,
  onClose,
}: {
  typed: string;
  catalogue: Catalogue;
  api: EditorApi;
  form: PageContext;
  /** Gets each outcome, also after the dialog was closed. */
  onAnswer: (progress: Progress, id: string, name: string) => Promise<void>;
  onClose: () => void;
}) {
  const [key] = useState(newKey);
  const follow = (before: Value, after: Value): Value => {
    const name = (value: Value) => String((value as { name?: string })?.name ?? '');
    const { id } = after as { id?: string };
    return id === slugOf(name(before)) ? put(after, ['id'], slugOf(name(after))) : after;
  };
  const submit = async (value: Value): Promise<Progress> => {
    const progress = (await sendCommand(
      { method: 'POST', path: '/actors', body: filledIn(value), key },
      api,
    )) as Progress;
    const { id, name } = value as { id: string; name: string };
    await onAnswer(progress, id, name);
    return progress;
  };
  const { id, name, kind, ...more } = catalogue.actor.properties ?? {};
  const schema = { ...catalogue.actor, properties: { name: name!, id: id!, kind: kind!, ...more } };
  return (
    <FormDialog
      title={`Register ${typed}`}
      submit="Register"
      schema={schema}
      start={{ name: typed, id: slugOf(typed) }}
      form={form}
      onChange={follow}
      onSubmit={submit}
      onClose={onClose}
    />
  );
}

/** Amends an actor's whole entry: its name, aliases and the rest. */
export function AmendDialog(props: {
  actor: Actor;
  catalogue: Catalogue;
  api: EditorApi;
  form: PageContext;
  /** Gets each outcome, also after the dialog was closed. */
  onAnswer: (progress: Progress) => void;
  onClose: () => void;
}) {
  const { catalogue, api, form, onAnswer, onClose } = props;
  const { id, name } = props.actor;
  // The answer also says what becomes of the entry, such as an open proposal to take it down.
  const entryOf = (actor: object) =>
    Object.fromEntries(
      Object.entries(actor).filter(([field]) => field !== 'id' && field in catalogue.actor.properties!),
    ) as Value;
  const [key] = useState(newKey);
  const { times, held, start, refill, onChange } = useFilled(entryOf(props.actor));
  /** The entry as a colleague left it. */
  const [theirs, setTheirs] = useState<Value>();
  const bodyFor = (value: Value) => ({ aliases: [], affiliations: [], ...(filledIn(value) as object) });
  const sent = async (value: Value): Promise<Progress> => {
    const body = bodyFor(value);
    const found = await api.getAll<'actors', { actors: Actor[] }>('/actors', 'actors').catch((error: Error) => error);
    if (found instanceof Error) return refusal('unanswered', found.message);
    const actor = found.actors.find(actor => actor.id === id);
    const now = actor ? entryOf(actor) : held;
    // It is as this form says if an answer was lost.
    if (!isSame(now, held) && !isSame(bodyFor(now), body)) {
      setTheirs(now);
      return overtaken;
    }
    return (await sendCommand({ method: 'PUT', path: pathTo('actors', id), body, key }, api)) as Progress;
  };
  const submit = async (value: Value): Promise<Progress> => {
    const progress = await sent(value);
    onAnswer(progress);
    return progress;
  };
  const load = () => {
    refill(theirs);
    setTheirs(undefined);
  };
  return (
    <FormDialog
      key={times}
      title={`Amend ${name}`}
      submit="Save"
      schema={catalogue.actor}
      unasked={['id']}
      start={start}
      form={form}
      onChange={onChange}
      onSubmit={submit}
      onClose={onClose}
    >
      {theirs !== undefined && <Overtaken onLoad={load} />}
    </FormDialog>
  );
}

/** The form of a new story, built from its schema. */
export function OpenStoryDialog({
  catalogue,
  api,
  form,
  onDone,
  onClose,
}: {
  catalogue: Catalogue;
  api: EditorApi;
  form: PageContext;
  onDone: (id: string) => void;
  onClose: () => void;
}) {
  const [key] = useState(newKey);
  const submit = async (value: Value): Promise<Progress> => {
    const progress = (await sendCommand(
      { method: 'POST', path: '/stories', body: filledIn(value), key },
      api,
    )) as Progress;
    if (isSent(progress)) onDone(String((value as { id: string }).id));
    return progress;
  };
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <FormDialog
      title="Open a story"
      submit="Open"
      schema={catalogue.story}
      start={{ zone }}
      form={form}
      onSubmit={submit}
      onClose={onClose}
    />
  );
}
