import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Form } from './form/form.js';
import { unchanged } from './form-model/values.js';
import type { EditorApi } from './api.js';
import type { FieldError, Me } from './contracts.js';
import { isWorth, type Draft, type Drafts, type Person } from './drafts.js';
import { send, type Progress } from './send.js';
import { plainKind } from './kind/defaults.js';
import { isShared } from './shared/save.js';
import { Sharing, type SharedState } from './shared/sharing.js';

/** A key that no other draft has. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `desk-${Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** The progress of a draft that was not sent. */
export const editing: Progress = { at: 'editing' };

/** A new draft. */
export const begun = (
  of: Pick<Draft, 'story' | 'act' | 'on' | 'value'> & Partial<Pick<Draft, 'target' | 'head' | 'was'>>,
): Draft => ({ id: newKey(), changed: new Date().toISOString(), ...of });

const openHere = (story: string) => `dateline.open-draft:${story}`;

/** A change of a draft: its new fields, or a function that gives them for the draft as it is now. */
export type Change = Partial<Draft> | ((draft: Draft) => Partial<Draft>);

/** The current draft, and the actions on it. */
export interface Composing {
  readonly draft: Draft | undefined;
  readonly progress: Progress;
  readonly errors: readonly FieldError[];
  /** Other drafts of the story in this browser. */
  readonly others: readonly Draft[];
  /** Whether the browser stores drafts. */
  readonly kept: boolean;
  /** Opens another draft. The previously open one stays among the others if it is worth keeping. */
  readonly open: (draft: Draft | undefined) => void;
  /**
   * Changes the draft with this id, which need not be open any more; nothing, if it has ended. Default: the open draft. A change that depends
   * on the draft is a function of it: keys may come faster than the form is drawn.
   */
  readonly change: (change: Change, of?: string) => void;
  /** Runs what adds to the open draft; see `Form`. */
  readonly adding: NonNullable<Form['adding']>;
  /** The state of the open draft in the newsroom. */
  readonly shared: SharedState;
  readonly sharing: Sharing;
  /** Keeps what is here as a new draft, after the newsroom's has ended. */
  readonly renew: () => void;
  /** Removes this browser's copy of another draft. */
  readonly forget: (draft: Draft) => void;
  /** Removes the open draft, here and in the newsroom. */
  readonly drop: () => void;
  /** Removes the open draft; `restore` brings it back while the page is open. */
  readonly discard: () => void;
  readonly discarded: Draft | undefined;
  readonly restore: () => void;
  readonly back: () => void;
  /** The open draft now, with what was typed while it was sent. */
  readonly latest: () => Draft | undefined;
  /** Sends the draft with these changes; resolves to its outcome. */
  readonly post: (change?: Partial<Draft>) => Promise<Progress>;
}

/** The draft with these changes. */
const changed = (draft: Draft, changes: Change): Draft => ({
  ...draft,
  ...(typeof changes === 'function' ? changes(draft) : changes),
  changed: new Date().toISOString(),
});

const errorsIn = (progress: Progress): readonly FieldError[] => ('errors' in progress ? progress.errors : []);

/** The current draft. The browser stores every change at once, and the newsroom soon, until the draft is recorded or discarded. */
export function useDraft(
  story: string,
  { id: owner, name }: Me,
  drafts: Drafts,
  api: EditorApi,
  onJoined: (by: Person) => void,
): Composing {
  const [draft, setDraft] = useState<Draft | undefined>(() => {
    const id = sessionStorage.getItem(openHere(story));
    return drafts.of(story).find(kept => kept.id === id);
  });
  const [progress, setProgress] = useState<Progress>(editing);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [kept, setKept] = useState(true);
  const [discarded, setDiscarded] = useState<Draft>();
  const [shared, setShared] = useState<SharedState>({ at: 'here' });
  const current = useRef(draft);
  current.current = draft;
  /** The draft that was recorded last. */
  const recorded = useRef<string>(undefined);
  /** The latest post, which may have its answer by now. */
  const posting = useRef<Promise<unknown>>(undefined);
  const joined = useRef(onJoined);
  joined.current = onJoined;
  const [, redraw] = useState(0);
  const keptOf = (id: string) => drafts.of(story).find(kept => kept.id === id);
  /** Rewrites a draft that is not open, if it has not ended, and draws the list of drafts again. */
  const rewriteLeft = (id: string, rewrite: (left: Draft) => Draft) => {
    const left = keptOf(id);
    if (left) drafts.keep(rewrite(left));
    else setDiscarded(held => (held?.id === id ? rewrite(held) : held));
    redraw(times => times + 1);
  };
  const put = (id: string, changes: Partial<Draft>) => {
    const draft = current.current;
    if (draft?.id !== id) return rewriteLeft(id, left => ({ ...left, ...changes }));
    const next = { ...draft, ...changes };
    current.current = next;
    setDraft(next);
    setKept(drafts.keep(next));
  };
  const sharing = useMemo(() => {
    const me = name === undefined ? { id: owner } : { id: owner, name };
    const onJoined = (by: Person) => joined.current(by);
    return new Sharing(api, { me, latest: () => current.current, kept: keptOf, put, tell: setShared, onJoined });
  }, [story, owner, drafts, api]);
  useEffect(() => {
    sharing.opened(current.current);
    const leave = () => void sharing.flush();
    // What is typed is saved at once when the editor turns to something else.
    document.addEventListener('focusout', leave);
    document.addEventListener('visibilitychange', leave);
    return () => {
      document.removeEventListener('focusout', leave);
      document.removeEventListener('visibilitychange', leave);
      sharing.close();
    };
  }, [sharing]);

  useEffect(() => {
    if (draft) sessionStorage.setItem(openHere(story), draft.id);
    else sessionStorage.removeItem(openHere(story));
  }, [draft?.id]);

  const open = useCallback(
    (next: Draft | undefined) => {
      void sharing.flush();
      const before = current.current;
      // It may hold nothing yet but get a picture that is on its way.
      const isLeft = before && ![next?.id, recorded.current].includes(before.id);
      if (isLeft && drafts.awaits(before.id)) drafts.keep(before);
      current.current = next;
      setDraft(next);
      setProgress(editing);
      setErrors([]);
      if (next && isWorth(next)) drafts.keep(next);
      sharing.opened(next);
    },
    [sharing],
  );

  const change = (changes: Change, of = current.current?.id ?? '') => {
    const draft = current.current;
    const id = drafts.idNow(of);
    if (draft?.id !== id) return rewriteLeft(id, left => changed(left, changes));
    const next = changed(draft, changes);
    current.current = next;
    setDraft(next);
    const isKept = isWorth(next) || next.saved !== undefined;
    if (isKept) setKept(drafts.keep(next));
    if (isKept && isShared(next)) sharing.touched();
    const same = ({ field }: FieldError) => unchanged(draft.value, next.value, field);
    setErrors(held => held.filter(same));
    if ('reply' in progress && progress.reply !== 'conflict') setProgress(editing);
  };

  /** Keeps what was entered into a post before another draft was opened and the answer came. */
  const keepEntered = (sent: Draft, head: string) => {
    const value = drafts.enteredSince(sent);
    const next = begun({ story, act: 'record', on: 'story', value: value ?? { content: { kind: plainKind } }, head });
    if (!drafts.moves(sent.id, next.id) && value === undefined) return;
    drafts.keep(next);
    redraw(times => times + 1);
  };
  const sending = async (changes: Partial<Draft> = {}): Promise<Progress> => {
    const draft = current.current;
    if (!draft) return editing;
    const sent = { ...draft, ...changes };
    current.current = sent;
    setDraft(sent);
    setKept(drafts.keep(sent));
    setProgress({ at: 'sending' });
    sharing.hold(sent);
    drafts.sends(sent.id);
    const here = (next: Progress) => current.current?.id === sent.id && setProgress(next);
    const outcome = await send(sent, api, here);
    if ('reply' in outcome && (outcome.reply === 'posted' || outcome.reply === 'already-so')) {
      recorded.current = sent.id;
      if (current.current?.id !== sent.id) keepEntered(sent, outcome.head);
      drafts.drop(sent);
      void sharing.end(sent);
    } else sharing.release(sent);
    if ('ended' in outcome) sharing.hasEnded(sent, outcome.ended);
    here(outcome);
    if (current.current?.id === sent.id) setErrors(errorsIn(outcome));
    return outcome;
  };
  const post = (changes?: Partial<Draft>) => {
    const sent = sending(changes);
    posting.current = sent;
    return sent;
  };

  const drop = () => {
    const draft = current.current;
    current.current = undefined;
    if (draft) {
      drafts.drop(draft);
      void sharing.end(draft);
    }
    open(undefined);
  };
  /** The same as a draft that the newsroom has never seen: what has ended there has no key any more. */
  const unsavedCopy = ({ saved: _saved, ...draft }: Draft): Draft => {
    const id = newKey();
    drafts.rename(draft.id, id);
    return { ...draft, id };
  };
  const discard = () => {
    setDiscarded(draft && isWorth(draft) ? unsavedCopy(draft) : undefined);
    drop();
  };
  const renew = () => {
    const draft = current.current;
    if (!draft) return;
    drafts.drop(draft);
    current.current = undefined;
    open(unsavedCopy(draft));
  };
  const restore = () => {
    if (!discarded) return;
    setKept(drafts.keep(discarded));
    setDiscarded(undefined);
    open(discarded);
  };
  const others = drafts.of(story).filter(({ id }) => id !== draft?.id);
  const back = () => setProgress(editing);
  const latest = () => current.current;
  const adding: Composing['adding'] = (add, isPart) => {
    const before = posting.current;
    const run = (into: () => string) =>
      add(async () => {
        if (posting.current !== before) await posting.current;
        return into();
      });
    return drafts.adding(current.current?.id ?? '', run, isPart);
  };
  return {
    ...{ latest, draft, progress, errors, others, kept, discarded, open, change, drop, discard, restore, back, post },
    ...{ adding, shared, sharing, renew, forget: (old: Draft) => drafts.drop(old) },
  };
}
