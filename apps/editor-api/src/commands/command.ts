import {
  actorStream,
  beyondBounds,
  digest,
  isRefusal,
  nameTaken,
  noActor,
  noStory,
  refuse,
  storyStream,
  unshowable,
  type ActorDecision,
  type ActorProfile,
  type Author,
  type Directory,
  type Refusal,
  type StoryDecision,
} from '#domain';
import type { Secrets } from '#keys';
import { Injectable } from '@nestjs/common';
import { Command } from '@nestjs/cqrs';
import { Desk } from '../newsroom/desk.js';
import type { Newsroom } from '../newsroom/newsroom.js';
import type { Outcome } from '../newsroom/submit.js';

/** What comes with every command, whatever it asks for. */
export interface Envelope {
  /** The idempotency key. */
  readonly command: string;
  readonly by: Author;
  /** What the token lets them act as. */
  readonly roles: readonly string[];
  readonly expected?: readonly string[] | undefined;
}

export type Story = { readonly story: string };
export type Development = Story & { readonly development: string };
export type OnProposal = Story & { readonly proposal: string };
export type Condition = Story & { readonly condition: string };
export type Actor = { readonly actor: string };
export type NoBody = Record<string, never>;

/** A wish of an editor. The same key, author, target and body are the same command. */
export abstract class EditorCommand<
  Target extends Story | Actor = Story | Actor,
  Body = unknown,
> extends Command<Outcome> {
  /** What it does: a stored name, for ever, as part of the hash that the log keeps. */
  abstract readonly does: string;

  constructor(
    readonly envelope: Envelope,
    readonly target: Target,
    readonly body: Body,
  ) {
    super();
  }

  get hash(): string {
    return digest({ does: this.does, by: this.envelope.by.id, target: this.target, body: this.body });
  }
}

/** Hands a story's command to the desk; a handler only says which decision it is. */
@Injectable()
export abstract class OnStory<C extends EditorCommand<Story>> {
  constructor(private readonly desk: Desk) {}

  abstract decision: (command: C, newsroom: Newsroom, secrets: Secrets) => StoryDecision | Refusal;

  execute(command: C): Promise<Outcome> {
    const { story } = command.target;
    return this.desk.submit({
      ...command.envelope,
      stream: storyStream(story),
      commandHash: command.hash,
      does: command.does,
      decide: (newsroom, secrets) => {
        const unshown = unshowable(command.body);
        if (unshown) return unshown;
        const state = newsroom.stories.get(story, noStory);
        const decided = applied(this.decision(command, newsroom, secrets), state);
        return isRefusal(decided) ? decided : (beyondBounds(state, decided) ?? decided);
      },
    });
  }
}

/** The same for an actor's. */
@Injectable()
export abstract class OnActor<C extends EditorCommand<Actor, ActorProfile>> {
  constructor(private readonly desk: Desk) {}

  abstract decision: (command: C) => ActorDecision;

  execute(command: C): Promise<Outcome> {
    const { actor } = command.target;
    return this.desk.submit({
      ...command.envelope,
      stream: actorStream(actor),
      commandHash: command.hash,
      does: command.does,
      decide: ({ actors, directory }) => {
        const refused = unshowable(command.body) ?? unknownAffiliation(command.body, directory);
        if (refused) return refused;
        const decided = this.decision(command)(actors.get(actor, noActor));
        // What already stands may stand, whoever came to share a name with it since.
        const news = !isRefusal(decided) && decided.length > 0;
        return (news && nameTaken(directory, actor, command.body)) || decided;
      },
    });
  }
}

const applied = <State, Events>(decision: ((state: State) => Events) | Refusal, state: State) =>
  isRefusal(decision) ? decision : decision(state);

function unknownAffiliation({ affiliations }: ActorProfile, { profiles }: Directory): Refusal | undefined {
  const at = affiliations.findIndex(id => !profiles.has(id));
  return at < 0 ? undefined : refuse('unknown-actor', { path: ['affiliations', at] });
}
