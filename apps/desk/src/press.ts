/** A press that lasts longer than this holds nothing up, in milliseconds. */
const longestPressMs = 2_000;

let pressed: Promise<void> | undefined;

/**
 * Resolves when no pointer is pressed. What comes from the network waits for it: a colleague's post or the answer to a saving can move a
 * button from under the pointer, and a press that is released elsewhere is no click.
 */
export const released = (): Promise<void> => pressed ?? Promise.resolve();

/** The browser's `fetch`; its answer waits until no pointer is pressed. */
export async function fetchReleased(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request);
  await released();
  return response;
}

/** Notices each press of a pointer on the page, and its end. */
export function watchPresses(page: EventTarget): void {
  let release = () => {};
  const press = () => {
    release();
    const press = new Promise<void>(resolve => {
      const timer = setTimeout(() => release(), longestPressMs);
      release = () => {
        clearTimeout(timer);
        if (pressed === press) pressed = undefined;
        resolve();
      };
    });
    pressed = press;
  };
  page.addEventListener('pointerdown', press, { capture: true });
  // The click comes after the end of the press, in the same task.
  for (const end of ['pointerup', 'pointercancel'])
    page.addEventListener(end, () => void setTimeout(release), { capture: true });
}
