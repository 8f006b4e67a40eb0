import type { Map as Dictionary } from 'immutable';

/**
 * How many commands are remembered by their keys, the latest. A key that is older counts as new: deciding again on what
 * it did already says that it is already so.
 */
export const commandsKept = 100_000;

/** How many more there may be before the oldest are forgotten, all at once as each time goes through all. */
const atOnce = (kept: number) => Math.ceil(kept / 10);

type Positioned = { readonly position: number };

/** With one more command, unless its key is known; `kept` of them at least, and a tenth more at most. */
export function remember<Command extends Positioned>(
  commands: Dictionary<string, Command>,
  key: string,
  command: Command,
  kept = commandsKept,
): Dictionary<string, Command> {
  if (commands.has(key)) return commands;
  const all = commands.set(key, command);
  if (all.size <= kept + atOnce(kept)) return all;
  const positions = Float64Array.from(all.valueSeq().map(({ position }) => position)).sort();
  const oldest = positions[positions.length - kept]!;
  return all.filter(({ position }) => position >= oldest);
}
