/** A fault planted in the product's compiled code: one piece of its text, which must occur exactly once, is replaced. */
export interface Mutant {
  readonly name: string;
  /** The compiled module, without its ending. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** The mutant with this name; undefined if none is named. Throws if there is none. */
export function mutantOf(mutants: readonly Mutant[], name: string | undefined): Mutant | undefined {
  const found = mutants.find(mutant => mutant.name === name);
  if (name !== undefined && !found) throw new Error(`There is no mutant ${name}.`);
  return found;
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The text with the mutant in it. Throws where the product's code no longer holds what it changes. */
export function planted({ name, file, from, to }: Mutant, text: string): string {
  // The compiler spaces and breaks lines as it likes.
  const wanted = new RegExp((from.match(/\w+|[^\s\w]/g) ?? []).map(escaped).join(String.raw`\s*`), 'g');
  const found = [...text.matchAll(wanted)].length;
  if (found === 1) return text.replace(wanted, () => to);
  throw new Error(
    `The mutant “${name}” finds its text ${found} times in ${file}, not once. Change the list that has it.`,
  );
}
