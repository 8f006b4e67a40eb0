import { pathTo } from '#client';
import type { ActorState } from '#contract';
import { complain, print } from '#platform';
import pc from 'picocolors';
import type { StoryAsFiles } from '../stories/load.js';
import { columns } from './layout.js';
import { actorLines } from './print-actor.js';
import { changeLines, type Paper, type Printed } from './print-change.js';
import type { Addresses, SignIn } from './sign-in.js';

/** The addresses, for a person who wants to continue by hand. */
export function addressLines(addresses: Addresses, signIn: SignIn, { colours }: Paper): string[] {
  const { editor, reader, story, logs, data } = addresses;
  const line = (what: string, where: string) => `  ${colours.cyan(what.padEnd(18))}${where}`;
  return [
    line('the desk', `${editor}/desk; to sign in, open the file ${signIn.desk} in a browser`),
    line('the lawyer’s desk', `open the file ${signIn.lawyersDesk}`),
    line('readers’ page', reader + pathTo('s', story)),
    line('time machine', reader + pathTo('s', story, 'history')),
    line('timeline', reader + pathTo('stories', story, 'timeline')),
    line('actors', reader + pathTo('stories', story, 'actors')),
    line('live', `curl -N '${reader}${pathTo('stories', story, 'live')}?after=0'`),
    line('readers’ API', `${reader}/docs`),
    line('editors’ API', `${editor}/docs`),
    line('logs', logs),
    line('data', data),
    '',
    'To post and audit by hand, in another terminal in this folder (the tokens are valid for twelve hours):',
    '',
    `  source ${signIn.env}`,
    '',
    'README.md continues from there, under “The first curl”.',
  ];
}

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
