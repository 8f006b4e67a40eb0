import { pathTo } from '#client';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { filledIn, put, type Value } from '../form-model/values.js';
import type { EditorApi } from '../api.js';
import type { Act, Actor, Catalogue, DeskStory } from '../contracts.js';
import type { Draft } from '../drafts.js';
import type { Form } from '../form/form.js';
import { slugOf } from '../match.js';
import { isSent, send, type Progress } from '../send.js';
import { sendCommand } from '../send-command.js';
import { begun, newKey } from '../use-draft.js';
import { FormDialog } from './form-dialog.js';

type PageContext = Omit<Form, 'name' | 'value' | 'put' | 'errors'>;

/** The draft of an act before any input. */
export const draftOf = (act: Act, target: string, story: DeskStory): Draft =>
  begun({ story: story.id, act: act.act, on: act.on, target, value: {}, head: story.head });

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
  /** Fields that the form omits. */
  unasked?: readonly string[];
  children?: ComponentChildren;
  onDone: (progress: Progress, draft: Draft) => void;
  onClose: () => void;
}) {
  const { act, target, about, story, api, form, start = {}, unasked = [], children, onDone, onClose } = props;
  // The key stays the same while the dialog is open: however often the act is sent, it is performed once.
  const [draft] = useState(() => draftOf(act, target, story));
  const [head, setHead] = useState(story.head);
  const submit = async (value: Value): Promise<Progress> => {
    const sent = { ...draft, value, head };
    const progress = await send(sent, api, () => undefined);
    if ('reply' in progress && progress.reply === 'conflict') setHead(progress.head);
    if (isSent(progress)) onDone(progress, sent);
    return progress;
  };
  return (
    <FormDialog
      title={act.title}
      submit={act.title}
      careful={act.act === 'lift'}
      schema={act.body}
      start={start}
      unasked={unasked}
      form={form}
      onSubmit={submit}
      onClose={onClose}
    >
      <p class="about">{about}</p>
      {children}
    </FormDialog>
  );
}

/** Registers a missing actor without leaving the form. The id follows the name until it is typed. */
export function RegisterDialog({
  typed,
  catalogue,
  api,
  form,
  onDone,
  onClose,
}: {
  typed: string;
  catalogue: Catalogue;
  api: EditorApi;
  form: PageContext;
  onDone: (id: string, name: string) => Promise<void>;
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
    if (isSent(progress)) await onDone(id, name);
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
  onDone: (progress: Progress) => void;
  onClose: () => void;
}) {
  const { catalogue, api, form, onDone, onClose } = props;
  const { id, name } = props.actor;
  // The answer also says what becomes of the entry, such as an open proposal to take it down.
  const fields = Object.entries(props.actor).filter(
    ([field]) => field !== 'id' && field in catalogue.actor.properties!,
  );
  const [key] = useState(newKey);
  const empty = { aliases: [], affiliations: [] };
  const submit = async (value: Value): Promise<Progress> => {
    const body = { ...empty, ...(filledIn(value) as object) };
    const progress = (await sendCommand({ method: 'PUT', path: pathTo('actors', id), body, key }, api)) as Progress;
    if (isSent(progress)) onDone(progress);
    return progress;
  };
  return (
    <FormDialog
      title={`Amend ${name}`}
      submit="Save"
      schema={catalogue.actor}
      unasked={['id']}
      start={Object.fromEntries(fields) as Value}
      form={form}
      onSubmit={submit}
      onClose={onClose}
    />
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
