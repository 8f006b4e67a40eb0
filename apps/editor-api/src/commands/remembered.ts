import type { Map as Dictionary } from 'immutable';

/**
 * How many commands are remembered by their keys: the latest ones. An older key counts as new; a second decision on the same command finds
 * that nothing changes.
 */
export const commandsKept = 100_000;

/** How many more may collect before the oldest are forgotten together: each cleaning goes through all of them. */
const atOnce = (kept: number) => Math.ceil(kept / 10);

type Positioned = { readonly position: number };

/** Adds a command unless its key is known. Keeps at least `kept` commands, and at most a tenth more. */
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
