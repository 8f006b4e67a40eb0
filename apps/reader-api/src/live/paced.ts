/**
 * The same call, at most once every so many milliseconds: the first at once, and after any number of others one more when
 * the pause is over. What tells of news is not to be believed, nor how often it does.
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
