import type { ActorState } from '#contract';
import { complain, print } from '#platform';
import pc from 'picocolors';
import type { StoryAsFiles } from '../stories/load.js';
import { columns } from './layout.js';
import { actorLines } from './print-actor.js';
import { addressLines } from './print-addresses.js';
import { changeLines, type Paper, type Printed } from './print-change.js';
import type { Addresses, SignIn } from './sign-in.js';

/** Prints for a person: events on standard output, progress on standard error. */
export class Show {
  private readonly paper: Paper = {
    width: columns(process.stdout.columns),
    colours: pc.createColors(pc.isColorSupported && process.stdout.isTTY === true),
  };
  private readonly names: ReadonlyMap<string, string>;

  constructor({ actors }: StoryAsFiles) {
    this.names = new Map(actors.map(({ id, profile }) => [id, profile.name]));
  }

  readonly say = (line: string): void => complain(line);

  heading(text: string): void {
    this.print(['', this.paper.colours.bold(text), '']);
  }

  readonly change = (change: Printed): void => this.print(changeLines(change, this.name, this.paper));

  actors(actors: readonly ActorState[]): void {
    for (const actor of actors) this.print([...actorLines(actor, this.name, this.paper), '']);
  }

  addresses(addresses: Addresses, signIn: SignIn): void {
    this.print(addressLines(addresses, signIn, this.paper));
  }

  print(lines: readonly string[]): void {
    print(lines);
  }

  private readonly name = (actor: string): string => this.names.get(actor) ?? actor;
}
