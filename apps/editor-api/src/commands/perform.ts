import {
  actorStream,
  beyondBounds,
  digest,
  isRefusal,
  noActor,
  noStory,
  storyStream,
  unshowable,
  type Act,
  type ActorAct,
  type Author,
  type Known,
  type OpaqueEvent,
  type Refusal,
  type Request,
  type Sealing,
  type StoryDecision,
  type StoryState,
} from '#domain';
import { openTold, outlined, type Secrets } from '#keys';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { languageOf, newContent } from './new-content.js';
import { CommandProcessor } from './processor.js';
import type { Outcome } from './submit.js';
import type { WriteModel } from './write-model.js';

/** The data that comes with every command, whatever the act. */
export interface Envelope {
  /** The idempotency key. */
  readonly command: string;
  readonly by: Author;
  /** The roles of the token. */
  readonly roles: readonly string[];
  /** The heads of the stream that the author accepts. Undefined accepts any head. */
  readonly expected?: readonly string[] | undefined;
  /** When the request arrived: ISO 8601, UTC, milliseconds. */
  readonly received: string;
}

/** The story or the actor that an act changes, by its id. */
export type Target = { readonly story: string } | { readonly actor: string };

/** A request to perform an act. The same key, author, target and body are the same command. */
export class PerformAct extends Command<Outcome> {
  constructor(
    readonly act: Act | ActorAct,
    readonly envelope: Envelope,
    readonly target: Target,
    readonly body: object,
  ) {
    super();
  }

  /** The hash that identifies the command in the log. Its form is stored, so it never changes. */
  get hash(): string {
    return digest({ does: this.act.does, by: this.envelope.by.id, target: this.target, body: this.body });
  }
}

@CommandHandler(PerformAct)
/** Turns a request into a decision on the current write model, and submits it. */
export class PerformActHandler implements ICommandHandler<PerformAct> {
  constructor(private readonly processor: CommandProcessor) {}

  execute(command: PerformAct): Promise<Outcome> {
    const { act, envelope, target } = command;
    const onActor = 'actor' in target;
    return this.processor.submit({
      ...envelope,
      stream: onActor ? actorStream(target.actor) : storyStream(target.story),
      commandHash: command.hash,
      does: act.does,
      ...(!onActor && { sealing: model => sealingOf(act as Act, requestOf(command), storyIn(model, target.story)) }),
      decide: (model, secrets) =>
        unshowable(command.body) ??
        (onActor
          ? (act as ActorAct).decide(
              command.body as never,
              target.actor,
              model.directory,
            )(model.actors.get(target.actor, noActor))
          : decided(act as Act, requestOf(command), model, secrets)),
    });
  }
}

type StoryRequest = Request<{ readonly story: string }, object>;

const storyIn = ({ stories }: WriteModel, story: string): StoryState => stories.get(story, noStory);

const requestOf = ({ envelope: { by, roles, command: key, received }, target, body }: PerformAct): StoryRequest => ({
  ...{ by, roles, key, received },
  target: target as { readonly story: string },
  body,
});

const sealingOf = (act: Act, request: StoryRequest, story: StoryState): Sealing | undefined =>
  act.sealing?.(request as never, story);

function decided(act: Act, request: StoryRequest, model: WriteModel, secrets: Secrets): OpaqueEvent[] | Refusal {
  const { story } = request.target;
  const state = storyIn(model, story);
  const command = act.command(request as never, knownOf(story, model, secrets));
  if (isRefusal(command)) return command;
  const events = (act.decide as (command: unknown) => StoryDecision)(command)(state);
  return isRefusal(events) ? events : (beyondBounds(state, events) ?? events);
}

function knownOf(story: string, model: WriteModel, secrets: Secrets): Known {
  return {
    story: storyIn(model, story),
    resolved: content => newContent(content, model.directory, languageOf(model, story)),
    outlined: (development, content) => outlined(content, secrets.get(development)),
    reasonOf: ({ development, told }) => {
      const secret = secrets.get(development);
      const about = { development, told: told as string };
      return secret ? openTold(storyStream(story), 'RetractionProposed', about, { secret }) : null;
    },
  };
}
