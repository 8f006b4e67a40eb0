import { pathTo } from '#client';
import type { KindShapes } from '#pages/parts';
import { useMemo, useRef, useState } from 'preact/hooks';
import { actsOn, letters, mayClassify, mayCorrect, mayDo, meIn } from './acts.js';
import type { EditorApi } from './api.js';
import { unfold } from './compose/folds.js';
import { Work, WritePane } from './compose/write-pane.js';
import type { Act } from './contracts.js';
import { drawNow } from './form/form.js';
import { rowsOf } from './known.js';
import { offersOf } from './offers.js';
import { atWork, colleagues, doingWith, useSaying, type Doing } from './presence/presence.js';
import { send, type Progress } from './send.js';
import { Bar } from './ui/bar.js';
import { draftOf } from './ui/dialogs.js';
import { doneWords, OpenDialog, type Open } from './ui/open-dialog.js';
import { singleKeys, useKeys } from './ui/keys.js';
import { WaitingPoints } from './ui/waiting-points.js';
import { List } from './ui/list.js';
import { Proposals, waitingActors, type Ending } from './ui/proposals.js';
import { Submissions } from './ui/submissions.js';
import { View } from './ui/view.js';
import { begun } from './use-draft.js';
import { NoSuchStory, NotInTeam } from './ui/stories.js';
import { useFilter } from './use-filter.js';
import { useForm } from './use-form.js';
import { useNotice } from './use-notice.js';
import { useStory, type Followed, type Newsroom } from './use-newsroom.js';
import { useWriting, type Writing } from './use-writing.js';

interface Props {
  readonly story: string;
  readonly api: EditorApi;
  readonly newsroom: Newsroom;
  readonly reader: string | null;
  readonly kinds: KindShapes;
  readonly onSignedOut: (why: string) => void;
  readonly onSignOut: () => void;
}

const clockIn = (zone: string) => {
  const format = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: zone });
  return (recorded: string) => format.format(Date.parse(recorded));
};

/** The desk of one story, or a notice that the story does not exist, or is not for this person. */
export function Desk(props: Props) {
  const { story, api, newsroom, reader, onSignedOut } = props;
  const followed = useStory(story, api, reader, onSignedOut);
  if (followed.missing) return <NoSuchStory story={story} />;
  if (followed.refused !== undefined) return <NotInTeam why={followed.refused} me={newsroom.me} />;
  const inStory = { ...newsroom, me: meIn(newsroom.me, followed.team) };
  return <OpenDesk {...props} newsroom={inStory} followed={followed} />;
}

/** Whether the editor is in the list: they have chosen a post, to which the next letter applies. */
const isInList = () => document.activeElement?.id === 'developments';

/** Whether an act has a form. One without input is performed at once, except the end of an embargo: what readers have read cannot be undone. */
const asks = ({ body, on, act }: Act) => body !== undefined || on === 'proposal' || act === 'lift';

/** What the person does here. */
const doingNow = (open: Open | undefined, { composing: { draft }, pristine }: Writing): Doing => {
  if (open?.dialog === 'edit') return { does: 'editing', target: open.target };
  if (open?.dialog === 'classify') return { does: 'classifying', target: open.target };
  return doingWith(draft, pristine);
};

/** Tells colleagues what this person does, and what they do. */
function useColleagues(
  { story, api, newsroom: { me }, followed: { people } }: Props & { readonly followed: Followed },
  writing: Writing,
  open: Open | undefined,
) {
  // Who only looks on, as auditors do, is not shown.
  const isShown = me.may.includes('say-presence');
  const tab = useSaying(story, api, isShown ? doingNow(open, writing) : undefined);
  return {
    around: colleagues(people, me.id),
    working: (development: string) => atWork(people, development, tab),
  };
}

/** The desk of one story: the state of the log and of readers, the draft, and its preview. */
function OpenDesk(props: Props & { readonly followed: Followed }) {
  const { story: id, api, newsroom, reader, kinds, followed, onSignedOut, onSignOut } = props;
  const { me, catalogue, drafts, cutUploads } = newsroom;
  const { known, withheld, proposed, submissions, loadOlder } = followed;
  const { proposals } = proposed;
  const [selected, setSelected] = useState<string>();
  const [open, setOpen] = useState<Open>();
  const opened = useRef(open);
  opened.current = open;
  const [words, setWords] = useState('');
  const rows = useMemo(() => rowsOf(known, withheld, proposed, submissions), [known, withheld, proposed, submissions]);
  const filtering = useFilter(rows, followed, me, api);
  const row = rows.find(({ development }) => development.id === selected);
  const { story } = known;
  const zone = story?.zone ?? 'UTC';
  const clock = useMemo(() => clockIn(zone), [zone]);

  const { message, say, done } = useNotice(known, clock);
  const onPosted = (progress: Extract<Progress, { reply: 'posted' | 'already-so' }>, what: string) => {
    done(progress, what);
    if (progress.reply === 'posted' && progress.development && !isInList()) setSelected(progress.development);
  };
  const writing = useWriting({ id, me, drafts, api, catalogue, kinds, reader, followed, say, onPosted, onSignedOut });
  const { draft } = writing.composing;
  const { around, working } = useColleagues(props, writing, open);
  const form = useForm(followed, rows, draft?.value);
  const act = (act: Act, target: string) => {
    if (asks(act) || !story) return setOpen({ dialog: 'act', act, target });
    // It can be undone as quickly.
    const { head: _head, ...draft } = draftOf(act, target, story);
    void send(draft, api, () => undefined).then(progress => done(progress, doneWords(act)));
  };
  const classify = (target: string) => setOpen({ dialog: 'classify', target });
  const edit = (target: string) => setOpen({ dialog: 'edit', target });
  const recapture = api.captures ? (target: string) => setOpen({ dialog: 'recapture', target }) : undefined;
  const byLetter = (letter: string) => {
    if (!row || !singleKeys.on()) return;
    if (letter === letters.correct && mayCorrect(row, me)) return void writing.correct(row);
    if (letter === letters.edit && mayCorrect(row, me)) return edit(row.development.id);
    if (letter === letters.classify && mayClassify(row, me)) return classify(row.development.id);
    const found = actsOn(row, catalogue.acts, me).find(({ act }) => letters[act] === letter);
    if (found) act(found, row.development.id);
  };
  const [help, palette] = [() => setOpen({ dialog: 'help' }), () => setOpen({ dialog: 'palette' })];
  const takeDown = (actor: string, step: 'propose' | Ending) => setOpen({ dialog: 'actor-takedown', actor, step });
  const points = () => setOpen({ dialog: 'key-points' });
  const onFind = (typed: string) => {
    setWords(typed);
    followed.find(typed);
  };
  const find = () => document.getElementById('find')?.focus();
  useKeys({ post: () => void writing.post(), palette, find, write: () => writing.write(), help, unfold });

  /** The address of a page that readers see, or undefined if the newsroom has no reader's site. */
  const addressOf = (...of: string[]) => (reader === null ? undefined : reader + pathTo('s', id, ...of));

  // The answer to a dialog that was closed must not close the one that is open now.
  const close = () => setOpen(now => (now === open ? undefined : now));
  const offers = () =>
    offersOf(newsroom, known, rows, followed.actors, row, {
      amend: actor => setOpen({ dialog: 'amend', actor }),
      takeDown,
      select: setSelected,
      ...{ write: writing.write, act, help, signOut: onSignOut, headlines: () => setOpen({ dialog: 'headlines' }) },
      team: () => setOpen({ dialog: 'team' }),
      correct: row => void writing.correct(row),
      classify,
      edit,
      recapture,
      points,
      go: story => location.assign(pathTo('desk', story)),
      machines: () => location.assign(pathTo('desk', id, 'machines')),
    });
  const defaults = catalogue.acts.find(({ act }) => act === 'posting-defaults');
  const onDefaults = defaults && mayDo(defaults, me) ? () => act(defaults, '') : undefined;
  const waiting = (
    <Proposals
      {...{ proposals, rows, me, clock }}
      actors={followed.actors}
      acts={catalogue.acts}
      onAct={act}
      onActor={takeDown}
      onSelect={setSelected}
    />
  );
  const submitted = (
    <Submissions
      {...{ submissions, me, clock, zone }}
      nameOf={actor => form.actors.get(actor)?.name ?? actor}
      acts={catalogue.acts}
      onSelect={setSelected}
      onAct={(act, target, start) => setOpen({ dialog: 'act', act, target, start })}
      onApprove={async ({ development, commit }) => {
        const { head: _head, ...draft } = begun({
          ...{ story: id, act: 'approve-submission', on: 'development', target: development, value: { commit } },
        });
        const outcome = await send(draft, api, () => undefined);
        const isChanged = 'reply' in outcome && outcome.reply === 'refused' && outcome.code === 'submission-changed';
        if (isChanged) say('It was changed meanwhile. Nothing was published.');
        else done(outcome, 'Approved and published');
        return outcome;
      }}
      onCorrect={development => {
        const row = rows.find(row => row.development.id === development);
        if (row) void writing.correct(row);
      }}
    />
  );
  const register = (typed: string, onDone: (id: string, name: string) => void) =>
    setOpen({ dialog: 'register', typed, onDone });
  return (
    <>
      <Bar
        {...{ id, known, me, reader, message }}
        colleagues={around}
        site={addressOf()}
        onPalette={palette}
        onHelp={help}
      />
      <main id="content" class="desk">
        <section class="pane list" aria-labelledby="list-title">
          <h2 id="list-title">
            Posts <small>{known.developments.size}</small>
          </h2>
          <List
            {...{ filtering, selected, clock, working }}
            onSelect={setSelected}
            onLetter={byLetter}
            more={loadOlder}
            words={words}
            onFind={onFind}
            found={followed.found}
          />
        </section>
        <Work {...{ me, waiting }} waits={proposals.length + waitingActors(followed.actors).length}>
          {submitted}
          <WaitingPoints story={story} onOpen={points} />
          <WritePane
            {...{ writing, known, catalogue, kinds, clock, me, onDefaults }}
            colleagues={around}
            form={{
              ...form,
              register,
              capture: api.captures ? url => api.capture(id, url) : undefined,
              smallCopy: ticket => api.smallCopy(id, ticket),
              upload: (file, onProgress) => cutUploads.during(id, file, () => api.upload(id, file, onProgress)),
              adding: writing.composing.adding,
              cutUpload: cutUploads.nameIn(id),
            }}
          />
        </Work>
        <View
          {...{ row, kinds, me, api, catalogue, working }}
          story={story}
          draft={writing.pristine ? undefined : draft}
          page={row && addressOf('d', row.development.id)}
          onCorrect={row => void writing.correct(row)}
          onClassify={classify}
          onEdit={edit}
          onRecapture={recapture}
          onAct={act}
        />
      </main>
      {open && story && (
        <OpenDialog
          {...{
            open,
            api,
            newsroom,
            followed,
            story,
            rows,
            writing,
            kinds,
            reader,
            clock,
            done,
            say,
            offers,
            isOpen: () => opened.current === open,
            onClose: close,
          }}
          onAct={act}
          onFind={words => {
            // The closed dialog gives the focus back first.
            drawNow(close);
            onFind(words);
            find();
          }}
          form={form}
        />
      )}
    </>
  );
}
