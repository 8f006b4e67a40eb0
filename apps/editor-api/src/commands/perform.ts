import {
  actorStream,
  actorTextId,
  beyondBounds,
  commandHash,
  isRefusal,
  mayEnter,
  notAllowedIn,
  refuse,
  rolesIn,
  noActor,
  noStory,
  storyStream,
  unshowable,
  type Act,
  type ActorAct,
  type ActorTakedownAct,
  type Before,
  type CommitAuthor,
  type Known,
  type Person,
  type OpaqueEvent,
  type Refusal,
  type Request,
  type StoryDecision,
  type StoryState,
} from '#domain';
import { KeyStoreError, openPayload, outlined, type Secrets } from '#keys';
import type { Signed } from '#event-log';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { LinkCaptures } from '../captures/captures.js';
import { wordsOf } from '../reads/header.js';
import { keyInStory, openContent } from './contents.js';
import { languageOf, newContent } from './new-content.js';
import { Uploads } from '../media/uploads.js';
import { Signatures } from '../signatures/signatures.js';
import { CommandProcessor } from './processor.js';
import { unavailable, type Outcome, type Submission } from './submission.js';
import type { WriteModel } from './write-model.js';

/** The data that comes with every command, whatever the act. */
export interface Envelope {
  /** The idempotency key. */
  readonly command: string;
  readonly by: CommitAuthor;
  /** The roles of the token. */
  readonly roles: readonly string[];
  /** The heads of the stream that the author accepts. Undefined accepts any head. */
  readonly expected?: readonly string[] | undefined;
  /** When the request arrived: ISO 8601, UTC, milliseconds. */
  readonly received: string;
  readonly signed?: Signed | undefined;
}

/** The story or the actor that an act changes, by its id. */
export type Target = { readonly story: string } | OnActor;
/** `proposal`: for acts on the proposal to take down its entry. */
type OnActor = { readonly actor: string; readonly proposal?: string };
type AnyAct = Act | ActorAct | ActorTakedownAct;

/** A request to perform an act. The same key, author, target and body are the same command. */
export class PerformAct extends Command<Outcome> {
  constructor(
    readonly act: AnyAct,
    readonly envelope: Envelope,
    readonly target: Target,
    readonly body: object,
  ) {
    super();
  }

  /** The hash that identifies the command in the log. Its form is stored, so it never changes. */
  get hash(): string {
    return commandHash({ does: this.act.does, by: this.envelope.by.id, target: this.target, body: this.body });
  }
}

/** Turns a request into a decision on the current write model, and submits it. */
@CommandHandler(PerformAct)
export class PerformActHandler implements ICommandHandler<PerformAct> {
  constructor(
    private readonly processor: CommandProcessor,
    private readonly signatures: Signatures,
    private readonly uploads: Uploads,
    private readonly captures: LinkCaptures,
  ) {}

  async execute(command: PerformAct): Promise<Outcome> {
    const { act, envelope, target, hash: commandHash } = command;
    const decided =
      'actor' in target
        ? onActor(act as ActorAct | ActorTakedownAct, target, command)
        : onStory(act as Act, target.story, command, await this.toldOf(target.story, command));
    const { signed, ...rest } = { ...envelope, ...decided, commandHash, does: act.does };
    const checked = await this.signatures.checked(signed, rest);
    if (!checked) return this.processor.submit(rest);
    const decide = checked.confirm(rest.decide, rest, model => beforeIn(model, command));
    const outcome = await this.processor.submit({ ...rest, decide, signed: checked.signed });
    if (checked.late && outcome.outcome === 'refused') throw checked.late;
    return outcome;
  }

  /** What the command's tickets hold, or why they do not open now. */
  private async toldOf(story: string, { body, envelope }: PerformAct): Promise<Told> {
    const { isProven } = this.captures;
    try {
      return { isProven, keptIn: await this.uploads.keptIn(story, body, envelope.received) };
    } catch (error) {
      if (!(error instanceof KeyStoreError)) throw error;
      return { isProven, keptIn: () => undefined, lacking: unavailable('keys', error.message) };
    }
  }
}

/** What the events of a signed command are compared with. */
const beforeIn = (model: WriteModel, { target, body }: PerformAct): Before & { readonly hasTeam: boolean } => {
  const { defaults, team } = 'story' in target ? storyIn(model, target.story) : noStory;
  return { defaults, hasTeam: team !== undefined, like: (body as { readonly content?: object }).content };
};

/** What only this process can tell of a command's body. */
type Opened = Pick<Known, 'keptIn' | 'isProven'>;
/** The same, or why it cannot tell now. */
type Told = Opened & Pick<Submission, 'lacking'>;

type Decided = Pick<Submission, 'stream' | 'sealing' | 'decide' | 'readsNames' | 'notAllowed' | 'lacking'>;
type StoryRequest = Request<{ readonly story: string }, object>;

function onActor(act: ActorAct | ActorTakedownAct, target: OnActor, { body, envelope }: PerformAct): Decided {
  const { actor, proposal = '' } = target;
  const { command: key, by, roles } = envelope;
  const stateIn = ({ actors }: WriteModel) => actors.get(actor) ?? noActor;
  if ('route' in act)
    return {
      stream: actorStream(actor),
      sealing: model => act.sealing(stateIn(model)),
      decide: model => unshowable(body) ?? act.decide({ by, roles, body: body as never, proposal })(stateIn(model)),
    };
  const text = actorTextId(actor, key, by.id);
  return {
    stream: actorStream(actor),
    readsNames: true,
    sealing: () => ({ key: text, isNew: true }),
    decide: model => unshowable(body) ?? act.decide(body as never, actor, model.directory, text)(stateIn(model)),
  };
}

function onStory(act: Act, story: string, { envelope, target, body }: PerformAct, { lacking, ...told }: Told): Decided {
  const { by, roles, command: key, received } = envelope;
  const request: StoryRequest = { by, roles, key, received, target: target as { readonly story: string }, body };
  return {
    stream: storyStream(story),
    // What needs a key to write may name actors; all else does not.
    readsNames: act.sealing !== undefined,
    sealing: model => act.sealing?.(request as never, storyIn(model, story)),
    notAllowed: model => notAllowed(act, storyIn(model, story), request),
    lacking,
    decide: (model, secrets) => unshowable(body) ?? decided(act, request, model, secrets, told),
  };
}

const personOf = ({ by: { id, maker }, roles }: Pick<StoryRequest, 'by' | 'roles'>): Person => ({ id, maker, roles });

/** Refuses what the author may not do. Of a story that they may not read at the desk, who would open it learns only that it exists. */
function notAllowed({ on, does }: Act, state: StoryState, request: StoryRequest): Refusal | undefined {
  const person = personOf(request);
  if (on === 'newStory' && !mayEnter(state, person)) return refuse('story-exists', { path: ['id'] });
  return notAllowedIn(state, does, person, request.target);
}

/** The request with its author's roles in the story. */
const inStory = (request: StoryRequest, state: StoryState): StoryRequest => ({
  ...request,
  roles: rolesIn(state, personOf(request)),
});

const storyIn = ({ stories }: WriteModel, story: string): StoryState => stories.get(story, noStory);

function decided(
  act: Act,
  request: StoryRequest,
  model: WriteModel,
  secrets: Secrets,
  told: Opened,
): OpaqueEvent[] | Refusal {
  const { story } = request.target;
  const state = storyIn(model, story);
  const command = act.command(inStory(request, state) as never, knownOf(story, model, secrets, told));
  if (isRefusal(command)) return command;
  const events = (act.decide as (command: unknown) => StoryDecision)(command)(state);
  return isRefusal(events) ? events : (beyondBounds(state, events) ?? events);
}

function knownOf(story: string, model: WriteModel, secrets: Secrets, told: Opened): Known {
  return {
    story: storyIn(model, story),
    resolved: content => newContent(content, model.directory, languageOf(model, story)),
    contentOf: development => {
      const secret = secrets.get(development);
      const sealed = model.contents.get(keyInStory(storyStream(story), development));
      if (!secret || !sealed) return undefined;
      return openContent(storyStream(story), development, sealed, { secret }) ?? undefined;
    },
    ...told,
    outlined: (development, content) => outlined(content, secrets.get(development)),
    reasonOf: ({ development, told }) => {
      const secret = secrets.get(development);
      const about = { development, told: told as string };
      return secret ? openPayload(storyStream(story), 'RetractionProposed', about, { secret }) : null;
    },
    wordsOf: header => {
      const secret = header.text === undefined ? undefined : secrets.get(header.text);
      return wordsOf(story, header, secret && { secret });
    },
  };
}
