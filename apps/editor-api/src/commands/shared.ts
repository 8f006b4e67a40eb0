/**
 * Asks one question at a time. Callers during a question share the next one, so the answer that they get was asked for after their call.
 */
export function shared<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let away: Promise<Answer> | undefined;
  let next: Promise<Answer> | undefined;
  const start = () => {
    next = undefined;
    const asked = ask();
    away = asked;
    const back = () => {
      if (away === asked) away = undefined;
    };
    asked.then(back, back);
    return asked;
  };
  return () => {
    if (!away) return start();
    next ??= away.then(start, start);
    return next;
  };
}
