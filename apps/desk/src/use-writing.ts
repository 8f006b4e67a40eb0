import { pathTo } from '#client';
import type { KindShapes } from '#pages/parts';
import { useEffect, useRef } from 'preact/hooks';
import { at, type Value } from './form-model/values.js';
import { focusFirst } from './compose/composer.js';
import { focusText } from './compose/folds.js';
import { drawNow } from './form/form.js';
import { may } from './acts.js';
import { asEntered, contentOf } from './content.js';
import type { EditorApi } from './api.js';
import type { Catalogue, Me, SharedDraft, Submission } from './contracts.js';
import { plainKind, standardDefaults } from './kind/defaults.js';
import { ofKind } from './kind/kind-change.js';
import type { Row } from './known.js';
import { postedIn, type Progress } from './send.js';
import { begun, useDraft, type Composing } from './use-draft.js';
import { enteredSince, heldSince, isWorth, laterValue, type Draft, type Drafts, type Person } from './drafts.js';
import { continuables, notPosted, outdated, type Continuable } from './shared/continuable.js';
import { copyOf, draftPath } from './shared/save.js';
import { isOver } from './shared/sharing.js';
import { formOf } from './form-model/fields.js';
import type { Followed } from './use-newsroom.js';
import { submitted } from './use-notice.js';
import { useTheirs, type Theirs } from './use-theirs.js';

const started: Value = { content: { kind: plainKind } };

interface WritingContext {
  readonly id: string;
  readonly me: Me;
  readonly drafts: Drafts;
  readonly api: EditorApi;
  readonly catalogue: Catalogue;
  readonly kinds: KindShapes;
  readonly reader: string | null;
  readonly followed: Followed;
  readonly say: (text: string) => void;
  readonly onPosted: (progress: Extract<Progress, { reply: 'posted' | 'already-so' }>, what: string) => void;
  readonly onSignedOut: (why: string) => void;
}

/** The current draft, with its form's actions and the data for a conflict. */
export interface Writing {
  readonly composing: Composing;
  /** Nothing was written yet. */
  readonly pristine: boolean;
  /** In a conflict over a correction: the colleague's content. */
  readonly theirs: Theirs;
  readonly write: (kind?: string) => void;
  /** Loads the latest content of a development, and begins its correction. */
  readonly correct: (row: Row) => Promise<void>;
  /** Begins a correction of a content that was loaded with this head. */
  readonly beginCorrection: (of: Pick<Draft, 'target' | 'was' | 'value' | 'head'>) => void;
  /** The present content of a development, as it is entered; undefined if the readers’ pages are not set up. */
  readonly contentNow: (development: string) => Promise<Value>;
  readonly post: (changes?: { value: Value; was?: Value; head: string }) => Promise<unknown>;
  /** Another person has to approve what this person writes before readers see it. */
  readonly submits: boolean;
  /** Drafts beside the open one: the person's own, then those of colleagues. */
  readonly others: readonly Continuable[];
  /** Opens one of them. A colleague's draft is taken over. */
  readonly resume: (other: Continuable) => Promise<void>;
  /** Puts the open draft aside, so that the others are shown. */
  readonly aside: () => void;
  /** Hands the open draft over to a colleague; undefined takes it over. */
  readonly give: (to: Person | undefined) => Promise<void>;
  /** If the first version is already recorded, opens a correction with the later changes, or a new draft if those are under an embargo. */
  readonly amend: () => Promise<void>;
}

const noReaders = 'It cannot be corrected from here: the readers’ pages are not set up (PUBLIC_URL).';
const notThere = 'Its text is not here yet: readers’ pages do not have it, or do not answer. Try again in a moment.';

/** Space above the scroll target. */
const marginPx = 16;

/** Focuses the part that the editor must see next. */
function show(outcome: Progress): void {
  if ('errors' in outcome) outcome.errors.some(({ field }) => focusFirst(field));
  const title = document.getElementById('conflict-title');
  title?.focus({ preventScroll: true });
  // Only its pane is scrolled: scrolling the title into view would move the whole desk under the window's edge.
  const pane = title?.closest('.pane');
  if (title && pane) pane.scrollTop += title.getBoundingClientRect().top - pane.getBoundingClientRect().top - marginPx;
}

/** Whether nothing was written into the draft. */
const isPristine = (draft: Draft | undefined): boolean =>
  !draft ||
  (draft.act === 'record' && (at(draft.value, ['content', 'kind']) ?? plainKind) === plainKind && !isWorth(draft));

const notOpened = (what: string) => `${what} was not opened, because you went on writing. Choose it again.`;
const heldApart =
  'Your first version is public. What you entered later is under embargo, so it is a new post, not a correction.';
const loading = 'Loading its latest text …';
const notSettled = 'The newsroom has not confirmed your first version yet, or does not answer. Try again in a moment.';
/** How long something takes before the desk says so, in milliseconds. */
const slowMs = 500;

/** Says what is going on if it takes long, until it has ended. */
async function sayingIfSlow<Result>(say: (text: string) => void, what: string, work: Promise<Result>): Promise<Result> {
  let isSaid = false;
  const slow = setTimeout(() => {
    isSaid = true;
    say(what);
  }, slowMs);
  try {
    return await work;
  } finally {
    clearTimeout(slow);
    if (isSaid) say('');
  }
}

const stillAdding = 'A picture, a recording or a linked page is still being added. Post again to publish without it.';
const hasEnded = 'This draft has ended, so it is not posted. The line above its text says how it ended.';

/** What was done with a draft, in words. */
const postedWords = ({ act }: Draft, submits: boolean, isLate: boolean): string =>
  (submits ? submitted : act === 'correct' ? 'Correction published' : 'Published') +
  (isLate ? ' without what was still being added' : '');

/** The team's drafts beside the open one. The open one follows what colleagues change. */
function useTeam(
  me: Me,
  { drafts, draftNews }: Pick<Followed, 'drafts' | 'draftNews'>,
  { draft, others, sharing, forget }: Composing,
): readonly Continuable[] {
  useEffect(() => {
    const { saved } = draft ?? {};
    const now = draftNews?.find(({ id }) => id === draft?.id);
    if (saved && draftNews && now?.version !== saved.version) void sharing.pull();
  }, [draftNews, draft?.id]);
  useEffect(() => {
    for (const old of drafts ? outdated(drafts, others) : []) forget(old);
  }, [drafts]);
  return continuables(drafts ?? [], others, draft?.id, me.id);
}

/** The current draft: start, correction, post, and the data for a conflict. */
export function useWriting(context: WritingContext): Writing {
  const { id, me, api, catalogue, kinds, reader, followed, say, onPosted, onSignedOut } = context;
  const { known } = followed;
  const { story } = known;
  const composing = useDraft(id, me, context.drafts, api, ({ id: by, name }) => {
    if (by !== me.id) say(`${name ?? by} changed this draft too. Both are in it.`);
  });
  const others = useTeam(me, followed, composing);
  const { draft, progress } = composing;
  /** How many drafts were chosen that have to be loaded first: only the last one opens its form. */
  const chosen = useRef(0);
  /** The draft whose author was told that something is still being added. */
  const told = useRef<string>(undefined);
  const pristine = isPristine(draft);
  const submits = story?.review === 'submit' && !may('approve-submission', me);
  const head = story && { head: story.head };

  const contentNow = async (development: string): Promise<Value> => {
    // Its author may not read other content under embargo. The list here may be older than the head that the draft names.
    if (followed.submissions.some(({ development: id }) => id === development)) {
      const { submissions } = await api.get<{ submissions: Submission[] }>(pathTo('stories', id, 'submissions'));
      const own = submissions.find(({ development: id }) => id === development)?.content;
      if (own) return asEntered(own as Value, story?.language, api);
    }
    if (known.developments.get(development)?.embargo) {
      const { content } = await api.get<{ content: Value }>(
        pathTo('stories', id, 'developments', development, 'content'),
      );
      return asEntered(content, story?.language, api);
    }
    // An older text under the present head would undo a colleague's correction without a conflict.
    const of = { id, language: story?.language, from: story?.readable ?? 0 };
    return reader ? contentOf(of, development, reader, api) : undefined;
  };
  const fresh = () => begun({ story: id, act: 'record', on: 'story', value: started, ...head });
  const write = (kind?: string) => {
    // What is being added to an empty draft must find it.
    const next = draft && pristine ? draft : fresh();
    const shapes = { catalogue, kinds, defaults: story?.defaults ?? standardDefaults };
    drawNow(() => composing.open(kind ? { ...next, ...ofKind(next, kind, shapes) } : next));
    const own = kind && formOf(catalogue.content, kind)?.own[0];
    if (!own || !focusFirst(`content.data.${own.name}`)) focusText();
  };
  /** Called before a draft is loaded. Returns whether it may then open: the next letters must not go into another form than the editor sees. */
  const opening = (what: string) => {
    const [turn, open] = [++chosen.current, composing.latest()];
    return (): boolean => {
      if (turn !== chosen.current) return false;
      const now = composing.latest();
      const isSame = now?.id === open?.id && now?.value === open?.value;
      if (!isSame) say(notOpened(what));
      return isSame;
    };
  };
  const beginCorrection: Writing['beginCorrection'] = of => {
    drawNow(() => composing.open(begun({ ...of, story: id, act: 'correct', on: 'development' })));
    focusFirst('wrong');
  };
  const correct = async ({ development }: Row) => {
    const mayOpen = opening('The correction');
    const loaded = contentNow(development.id).catch(() => null);
    const was = await sayingIfSlow(say, loading, loaded);
    if (!mayOpen()) return;
    if (was === null) return say(notThere);
    if (was === undefined) return say(noReaders);
    beginCorrection({ target: development.id, was, value: { content: was }, ...head });
  };
  const resume = async ({ id: draft, copy, holder }: Continuable) => {
    const mayOpen = opening('The draft');
    const load = async () => copy ?? copyOf(id, await api.get<SharedDraft>(draftPath({ story: id, id: draft })));
    const open = await load().catch((error: Error) => error.message);
    if (!mayOpen()) return;
    if (typeof open === 'string') return say(open);
    drawNow(() => composing.open(open));
    focusText();
    if (holder && holder.id !== me.id) await give(undefined);
  };
  const give = async (to: Person | undefined) => {
    const why = await composing.sharing.give(to);
    const done = to
      ? `Handed over to ${to.name ?? to.id}. You can still read it and change it.`
      : 'The draft is yours now.';
    say(why ?? done);
  };
  const aside = () => {
    drawNow(() => composing.open(fresh()));
    focusText();
  };
  /** Whether posting the draft might publish what a colleague has posted. The editor may have dismissed the notice of that post. */
  const isEnded = (draft: Draft): boolean => {
    const colleagues = known.recent.filter(({ by }) => by.id !== me.id);
    const posted = postedIn(colleagues, draft);
    if (posted) composing.sharing.hasEnded(draft, posted.ended);
    return posted !== undefined || isOver(composing.shared, me);
  };
  const post = async (changes?: { value: Value; was?: Value; head: string }) => {
    const draft = composing.latest();
    if (!draft || ('at' in progress && progress.at !== 'editing')) return;
    if (isEnded(draft)) return say(hasEnded);
    if (isPristine(draft)) {
      say('Write something first.');
      return focusText();
    }
    if (context.drafts.awaits(draft.id) && told.current !== draft.id) {
      told.current = draft.id;
      return say(stillAdding);
    }
    told.current = undefined;
    say('Sending …');
    const outcome = await composing.post({ ...changes, submits: draft.act === 'record' && submits });
    if (!('at' in outcome)) answered(draft, outcome, changes?.value ?? draft.value);
  };
  /** `sent`: the value that the answer is about. */
  const answered = (draft: Draft, outcome: Exclude<Progress, { at: unknown }>, sent: Value) => {
    // The editor may have opened another draft meanwhile, which the answer is not about.
    const now = composing.latest();
    const isOpen = now?.id === draft.id;
    if (outcome.reply !== 'posted') say('');
    if (outcome.reply === 'signed-out') return onSignedOut(outcome.detail);
    if (outcome.reply !== 'posted' && outcome.reply !== 'already-so')
      return isOpen ? void setTimeout(() => show(outcome)) : say(notPosted(draft, context.drafts.of(id), outcome));
    const next = fresh();
    const isAwaited = isOpen && context.drafts.moves(draft.id, next.id);
    onPosted(outcome, postedWords(draft, submits, context.drafts.awaits(draft.id)));
    if (!isOpen) return;
    const entered = enteredSince(sent, now);
    composing.open(entered ? { ...next, value: entered } : isAwaited ? next : undefined);
    focusText();
  };
  /** Begins what was entered after this first version: its correction, or a new draft under the embargo that was chosen since. */
  const beginLater = (now: Draft, { target, was, head }: { target: string; was: Value; head: string }) => {
    const held = known.developments.get(target)?.embargo ? undefined : heldSince(now, was);
    if (held === undefined) return beginCorrection({ target, was, value: laterValue(now, was), head });
    drawNow(() => composing.open({ ...fresh(), value: held, head }));
    focusText();
    say(heldApart);
  };
  const amend = async () => {
    if (!draft) return;
    const settled = await sayingIfSlow(say, loading, api.settled(draft.id));
    const target = settled?.reply === 'posted' ? (settled.development ?? draft.target) : undefined;
    if (settled?.reply !== 'posted' || target === undefined) return say(notSettled);
    const was = await sayingIfSlow(
      say,
      loading,
      contentNow(target).catch(() => null),
    );
    const now = composing.latest();
    if (now?.id !== draft.id) return;
    if (was === null) return say(notThere);
    if (was === undefined) return say(noReaders);
    composing.drop();
    beginLater(now, { target, was, head: settled.head });
  };

  const theirs = useTheirs(progress, draft, known, contentNow);
  useEffect(() => {
    // The desk opens with the cursor in the text.
    if (story && draft && document.activeElement === document.body) focusText();
  }, [story === undefined || draft === undefined]);
  useEffect(() => {
    // There is always a draft to write into. While it is empty, it follows the story's head. Each names one: a post without a head gets no 409.
    if (!draft && story) composing.open(fresh());
    else if (story && (pristine || !draft?.head) && draft?.head !== story.head) composing.change({ head: story.head });
  });
  return {
    ...{ composing, pristine, theirs, write, correct, beginCorrection, contentNow, post, amend },
    ...{ others, resume, give, aside, submits },
  };
}
