import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { unchanged } from './form-model/values.js';
import type { EditorApi } from './api.js';
import type { FieldError } from './contracts.js';
import { Drafts, isWorth, type Draft } from './drafts.js';
import { send, type Progress } from './send.js';

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
  /** Changes the open draft. A change that depends on the draft is a function of it: keys may come faster than the form is drawn. */
  readonly change: (change: Change) => void;
  /** Removes the open draft from the browser. */
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

const errorsIn = (progress: Progress): readonly FieldError[] => ('errors' in progress ? progress.errors : []);

/** The current draft. The browser stores every change until the draft is recorded or discarded. */
export function useDraft(story: string, owner: string, api: EditorApi): Composing {
  const drafts = useMemo(() => new Drafts(localStorage, owner), [owner]);
  const [draft, setDraft] = useState<Draft | undefined>(() => {
    const id = sessionStorage.getItem(openHere(story));
    return drafts.of(story).find(kept => kept.id === id);
  });
  const [progress, setProgress] = useState<Progress>(editing);
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [kept, setKept] = useState(true);
  const [discarded, setDiscarded] = useState<Draft>();
  const current = useRef(draft);
  current.current = draft;

  useEffect(() => {
    if (draft) sessionStorage.setItem(openHere(story), draft.id);
    else sessionStorage.removeItem(openHere(story));
  }, [draft?.id]);

  const open = useCallback((next: Draft | undefined) => {
    current.current = next;
    setDraft(next);
    setProgress(editing);
    setErrors([]);
  }, []);

  const change = (changes: Change) => {
    const draft = current.current;
    if (!draft) return;
    const fields = typeof changes === 'function' ? changes(draft) : changes;
    const next = { ...draft, ...fields, changed: new Date().toISOString() };
    current.current = next;
    setDraft(next);
    if (isWorth(next)) setKept(drafts.keep(next));
    const same = ({ field }: FieldError) => unchanged(draft.value, next.value, field);
    setErrors(held => held.filter(same));
    if ('reply' in progress && progress.reply !== 'conflict') setProgress(editing);
  };

  const post = async (changes: Partial<Draft> = {}): Promise<Progress> => {
    const draft = current.current;
    if (!draft) return editing;
    const sent = { ...draft, ...changes };
    current.current = sent;
    setDraft(sent);
    setKept(drafts.keep(sent));
    setProgress({ at: 'sending' });
    const here = (next: Progress) => current.current?.id === sent.id && setProgress(next);
    const outcome = await send(sent, api, here);
    if ('reply' in outcome && (outcome.reply === 'posted' || outcome.reply === 'already-so')) drafts.drop(sent);
    here(outcome);
    if (current.current?.id === sent.id) setErrors(errorsIn(outcome));
    return outcome;
  };

  const drop = () => {
    if (draft) drafts.drop(draft);
    open(undefined);
  };
  const discard = () => {
    setDiscarded(draft && isWorth(draft) ? draft : undefined);
    drop();
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
  return { latest, draft, progress, errors, others, kept, discarded, open, change, drop, discard, restore, back, post };
}
