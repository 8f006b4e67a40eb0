import { useEffect, useState } from 'preact/hooks';
import type { Draft } from './drafts.js';
import type { Value } from './form-model/values.js';
import { isSeen, type Known } from './known.js';
import type { Progress } from './send.js';

/** The content that a colleague's act left, while it conflicts with a correction. */
export interface Theirs {
  /** Undefined until it is loaded. */
  readonly content: Value;
  /** Why it could not be loaded. */
  readonly failed?: string;
  readonly retry: () => void;
}

/** Loads the colleague's content in a conflict over a correction. */
export function useTheirs(
  progress: Progress,
  draft: Draft | undefined,
  known: Known,
  load: (development: string) => Promise<Value>,
): Theirs {
  const [loaded, setLoaded] = useState<Omit<Theirs, 'retry'>>({ content: undefined });
  const [tries, setTries] = useState(0);
  const conflict = 'reply' in progress && progress.reply === 'conflict' ? progress : undefined;
  const target = conflict && draft?.act === 'correct' ? draft.target : undefined;
  // A version older than the colleague's would undo their change, so wait until readers have theirs.
  const isThere =
    conflict !== undefined &&
    target !== undefined &&
    (isSeen(known, conflict.position) || Boolean(known.developments.get(target)?.embargo));
  useEffect(() => {
    setLoaded({ content: undefined });
    if (!isThere) return;
    let over = false;
    load(target).then(
      content => over || setLoaded({ content }),
      (error: Error) => over || setLoaded({ content: undefined, failed: error.message }),
    );
    return () => {
      over = true;
    };
  }, [conflict, isThere, tries]);
  return { ...loaded, retry: () => setTries(tries + 1) };
}
