/**
 * Limits a call to one per `pauseMs` milliseconds: the first runs at once, and any number of calls during the pause lead to
 * one more after it. Notifications are untrusted, and so is their rate.
 */
export function paced(call: () => void, pauseMs: number): () => void {
  let resting = false;
  let due = false;
  const go = () => {
    resting = true;
    due = false;
    call();
    setTimeout(() => {
      resting = false;
      if (due) go();
    }, pauseMs).unref();
  };
  return () => {
    if (resting) due = true;
    else go();
  };
}
