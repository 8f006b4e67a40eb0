import { pathTo } from '#client';
import type { KindShapes } from '#pages/parts';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { actsOn, isUnclassified, letters, mayClassify, mayCorrect, mayDo, unasked } from './acts.js';
import type { EditorApi } from './api.js';
import { DraftPreview } from './compose/preview.js';
import { unfold } from './compose/folds.js';
import { Work, WritePane } from './compose/write-pane.js';
import type { Act } from './contracts.js';
import { nameOf, rowsOf } from './known.js';
import { offersOf } from './offers.js';
import { send, type Progress } from './send.js';
import { Bar } from './ui/bar.js';
import { ClassifyDialog } from './ui/classify-dialog.js';
import { ActDialog, AmendDialog, draftOf, RegisterDialog } from './ui/dialogs.js';
import { Help } from './ui/help.js';
import { singleKeys, useKeys } from './ui/keys.js';
import { List } from './ui/list.js';
import { Palette } from './ui/palette.js';
import { Proposals } from './ui/proposals.js';
import { Selected } from './ui/selected.js';
import { NoSuchStory } from './ui/stories.js';
import { TwoPeople } from './ui/two-people.js';
import { useForm } from './use-form.js';
import { useStory, type Followed, type Newsroom } from './use-newsroom.js';
import { useWriting } from './use-writing.js';

interface Props {
  readonly story: string;
  readonly api: EditorApi;
  readonly newsroom: Newsroom;
  readonly reader: string | null;
  readonly kinds: KindShapes;
  readonly onSignedOut: (why: string) => void;
  readonly onSignOut: () => void;
}

type Open =
  | { readonly dialog: 'help' | 'palette' }
  | { readonly dialog: 'classify'; readonly target: string }
  | { readonly dialog: 'amend'; readonly actor: string }
  | { readonly dialog: 'act'; readonly act: Act; readonly target: string }
  | { readonly dialog: 'register'; readonly typed: string; readonly onDone: (id: string, name: string) => void };

const clockIn = (zone: string) => {
  const format = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: zone });
  return (recorded: string) => format.format(Date.parse(recorded));
};

type Posted = Extract<Progress, { reply: 'posted' }>;
/** A post that readers do not see yet, and what to say once they do. */
type Awaited = Posted & { readonly what: string };

/** The notice after a post, once it is known whether readers see it. */
const settledWords = ({ what }: Awaited, withheld: boolean, now: string) =>
  withheld ? `Saved under embargo, ${now}. Readers see nothing of it yet.` : `${what}, ${now}.`;

/** A development can neither link to nor supersede itself, so forms about it do not offer it. */
const withoutChoice = (form: ReturnType<typeof useForm>, target: string) => ({
  ...form,
  choices: { ...form.choices, developments: form.choices.developments.filter(({ id }) => id !== target) },
});

const doneWords = ({ title }: Act) => `Done: ${title.toLowerCase()}`;

/** The initial values of a form. */
const startOf = ({ act }: Act, { approvals }: Followed['proposed']) =>
  act.endsWith('approvals') ? { acts: approvals } : {};

/** The desk of one story, or a notice that the story does not exist. */
export function Desk(props: Props) {
  const { story, api, newsroom, reader, onSignedOut } = props;
  const followed = useStory(story, api, reader, mayDo({ roles: ['editor'] }, newsroom.me), onSignedOut);
  return followed.missing ? <NoSuchStory story={story} /> : <OpenDesk {...props} followed={followed} />;
}

/** The desk of one story: the state of the log and of readers, the draft, and its preview. */
function OpenDesk(props: Props & { readonly followed: Followed }) {
  const { story: id, api, newsroom, reader, kinds, followed, onSignedOut, onSignOut } = props;
  const { me, catalogue } = newsroom;
  const { known, withheld, proposed, loadActors, loadOlder } = followed;
  const { proposals } = proposed;
  const [selected, setSelected] = useState<string>();
  const [open, setOpen] = useState<Open>();
  const [words, setWords] = useState('');
  const [alone, onAlone] = useState(false);
  const [message, say] = useState('');
  const [posted, setPosted] = useState<Awaited>();
  const rows = useMemo(() => rowsOf(known, withheld, proposed), [known, withheld, proposed]);
  const row = rows.find(({ development }) => development.id === selected);
  const { story } = known;
  const clock = useMemo(() => clockIn(story?.zone ?? 'UTC'), [story?.zone]);

  const done = (progress: Progress, what: string) => {
    if ('at' in progress) return;
    if (progress.reply === 'already-so') say('Nothing has changed, so nothing was posted.');
    if ('detail' in progress) say(progress.detail);
    if (progress.reply !== 'posted') return;
    setPosted({ ...progress, what });
    say('Posted. Readers see it in a moment.');
  };
  const onPosted = (progress: Extract<Progress, { reply: 'posted' | 'already-so' }>, what: string) => {
    done(progress, what);
    if (progress.reply === 'posted' && progress.development) setSelected(progress.development);
  };
  const writing = useWriting({ id, me, api, catalogue, kinds, reader, followed, say, onPosted, onSignedOut });
  const { draft } = writing.composing;
  const form = useForm(followed, rows, draft?.value);
  const act = (act: Act, target: string) => {
    if (act.body || act.on === 'proposal' || !story) return setOpen({ dialog: 'act', act, target });
    // The act needs no input, so it is performed at once. It can be undone as quickly.
    const { head: _head, ...draft } = draftOf(act, target, story);
    void send(draft, api, () => undefined).then(progress => done(progress, doneWords(act)));
  };
  const classify = (target: string) => setOpen({ dialog: 'classify', target });
  const byLetter = (letter: string) => {
    if (!row || !singleKeys.on()) return;
    if (letter === letters.correct && mayCorrect(row, me)) return void writing.correct(row);
    if (letter === letters.classify && mayClassify(row, me)) return classify(row.development.id);
    const found = actsOn(row, catalogue.acts, me).find(({ act }) => letters[act] === letter);
    if (found) act(found, row.development.id);
  };
  const [help, palette] = [() => setOpen({ dialog: 'help' }), () => setOpen({ dialog: 'palette' })];
  const onFind = (typed: string) => {
    setWords(typed);
    followed.find(typed);
  };
  const find = () => document.getElementById('find')?.focus();
  useKeys({ post: () => void writing.post(), palette, find, write: () => writing.write(), help, unfold });
  useEffect(() => {
    if (!posted || !story || story.position < posted.position) return;
    const withheld = Boolean(known.developments.get(posted.development ?? '')?.embargo);
    if (!withheld && known.visible < posted.position) return;
    say(settledWords(posted, withheld, clock(new Date().toISOString()).slice(0, 5)));
    setPosted(undefined);
  }, [posted, known]);

  const close = () => setOpen(undefined);
  const dialog = (open: Open) => {
    switch (open.dialog) {
      case 'help':
        return <Help onClose={close} />;
      case 'palette':
        return <Palette offers={offers()} onTyped={followed.find} onClose={close} />;
      case 'classify':
        return (
          <ClassifyDialog
            {...{ api, form: { ...form, register }, catalogue, story: story!, target: open.target }}
            about={about(open.target)}
            onDone={progress => {
              done(progress, 'Classified');
              close();
            }}
            onClose={close}
          />
        );
      case 'act':
        return (
          <ActDialog
            {...{ api, story: story!, act: open.act, target: open.target, about: about(open.target) }}
            form={withoutChoice(form, open.target)}
            start={startOf(open.act, proposed)}
            unasked={unasked(open.act, me)}
            onDone={progress => {
              done(progress, doneWords(open.act));
              close();
            }}
            onClose={close}
          >
            <TwoPeople
              {...{ act: open.act, me, kinds, clock, story: story!, row: rowOf(open.target) }}
              {...(proposalOf(open.target) && { proposal: proposalOf(open.target)! })}
            />
          </ActDialog>
        );
      case 'amend':
        return (
          <AmendDialog
            {...{ api, form, catalogue }}
            actor={followed.actors.get(open.actor)!}
            onDone={progress => {
              if ('reply' in progress && progress.reply === 'posted') say('Done: the actor is amended.');
              void loadActors().catch(() => undefined);
              close();
            }}
            onClose={close}
          />
        );
      case 'register':
        return (
          <RegisterDialog
            {...{ api, form, catalogue, typed: open.typed }}
            onDone={async (actor, name) => {
              await loadActors().catch(() => undefined);
              open.onDone(actor, name);
              close();
            }}
            onClose={close}
          />
        );
    }
  };
  const proposalOf = (target: string) => proposals.find(({ proposal }) => proposal === target);
  const rowOf = (target: string) => {
    const id = proposalOf(target)?.development ?? target;
    return rows.find(({ development }) => development.id === id);
  };
  const about = (target: string) => {
    const found = rowOf(target);
    return (found ? nameOf(found) : known.conditions[target]?.text) ?? story?.title ?? id;
  };
  const offers = () =>
    offersOf(newsroom, known, rows, followed.actors, row, {
      amend: actor => setOpen({ dialog: 'amend', actor }),
      select: setSelected,
      ...{ write: writing.write, act, help, signOut: onSignOut },
      correct: row => void writing.correct(row),
      classify,
      go: story => location.assign(pathTo('desk', story)),
    });
  const unclassified = [...known.developments.values()].filter(isUnclassified).length;
  const waiting = (
    <Proposals {...{ proposals, rows, me, clock }} acts={catalogue.acts} onAct={act} onSelect={setSelected} />
  );
  const register = (typed: string, onDone: (id: string, name: string) => void) =>
    setOpen({ dialog: 'register', typed, onDone });
  return (
    <>
      <Bar
        {...{ id, known, me, reader, message }}
        site={reader === null ? undefined : reader + pathTo('s', id)}
        onPalette={palette}
        onHelp={help}
      />
      <main id="content" class="desk">
        <section class="pane list" aria-labelledby="list-title">
          <h2 id="list-title">
            Posts <small>{known.developments.size}</small>
          </h2>
          <List
            {...{ rows, selected, clock }}
            onSelect={setSelected}
            onLetter={byLetter}
            more={loadOlder}
            words={words}
            onFind={onFind}
            unclassified={{ count: unclassified, alone, onAlone }}
          />
        </section>
        <Work {...{ me, proposals }} waiting={waiting}>
          <WritePane {...{ writing, known, catalogue, kinds, clock }} form={{ ...form, register }} />
        </Work>
        <section class="pane view" aria-label="As readers see it">
          {!writing.pristine && story && (
            <DraftPreview draft={draft!} content={catalogue.content} {...{ story, kinds, api }} />
          )}
          {row && story && (
            <Selected
              {...{ row, story, kinds, me, api }}
              acts={catalogue.acts}
              page={reader ? reader + pathTo('s', id, 'd', row.development.id) : undefined}
              onCorrect={() => void writing.correct(row)}
              onClassify={() => classify(row.development.id)}
              onAct={found => act(found, row.development.id)}
            />
          )}
          {writing.pristine && !row && (
            <p class="empty">Select a post to see it as readers do, and to correct it or act on it.</p>
          )}
        </section>
      </main>
      {open && dialog(open)}
    </>
  );
}
