import { Draft, DraftId, Drafts as DraftList, EndedDraft, FormerDraft, HandOver, NewDraft, SeenDraft } from '#contract';
import { refuse, seesUnpublished, StoryId, tokenRolesFor, unshowable, type Author, type StoryState } from '#domain';
import { KeyStoreError } from '#keys';
import { Allow, AuthGuard, invalid, Problem, type Authenticated, type Principal } from '#platform';
import { Body, Controller, Get, HttpCode, Logger, Param, Post, Put, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CommandProcessor } from '../commands/processor.js';
import type { WriteModel } from '../commands/write-model.js';
import { refused } from '../http/answer.js';
import { allowedIn, caughtUp, entered, noKeys, personIn } from '../http/read.js';
import { Needs, problem } from '../http/route.js';
import { DeskWatch } from '../presence/watch.js';
import { changed, gone, type Asked, type Drafts, type End, type Listed, type Opened } from './drafts.js';
import { endIn, isOpenToAll, isTakenDown } from './over.js';

const InStory = z.object({ story: StoryId });
const OfStory = z.object({ story: StoryId, draft: DraftId });
const OfVersion = z.object({
  story: StoryId,
  draft: DraftId,
  version: z.string().regex(/^[1-9][0-9]{0,8}$/, 'must be the number of a version'),
});

const authorOf = ({ id, name }: Principal): Author => (name === undefined ? { id } : { id, name });

const conflict = () =>
  problem(
    409,
    'The draft holds another version, which the answer contains; the story has too many drafts; or what the draft corrects was taken down.',
  );
const ended = () =>
  problem(410, 'The draft was posted or discarded, or what it corrects was taken down; the answer says how it ended.');

/** What a person asks for, and the log that says whether they get it. */
type Request = Asked & { readonly model: WriteModel; readonly by: Author };

@Controller('stories/:story/drafts')
@UseGuards(AuthGuard)
@Allow([...tokenRolesFor('keep-draft')])
@ApiTags('drafts')
@ApiBearerAuth()
@problem(401, 'The token is missing or invalid.')
@problem(403, 'The token’s roles do not allow this.')
@problem(404, 'The story, or the draft in it, does not exist.')
@problem(422, 'A field has an invalid value.')
@problem(503, 'The log, the database of drafts or the key store does not answer.')
/** Keeps what people write before it is posted, for everybody who may post in the story. The log knows nothing of it. */
export class DraftsController {
  private readonly logger = new Logger('desk');
  private readonly drafts: Drafts;

  constructor(
    watch: DeskWatch,
    private readonly processor: CommandProcessor,
  ) {
    this.drafts = watch.drafts;
  }

  @Get()
  @ApiOperation({ summary: 'List a story’s drafts, those that were changed last first' })
  @ApiOkResponse({ standardSchema: DraftList })
  async list(
    @Param({ schema: InStory }) { story }: z.infer<typeof InStory>,
    @Req() { principal }: Authenticated,
  ): Promise<DraftList> {
    const model = await this.known(story, principal);
    const listed = await this.stored(this.drafts.list(story));
    const open: Listed[] = [];
    for (const each of listed) {
      const end = endIn(model, story, each);
      if (!end) open.push(each);
      else await this.endNow({ id: each.draft.id, story, sees: () => true }, end).catch(() => undefined);
    }
    return { drafts: open.filter(each => sees(model, story, each, principal)).map(({ draft }) => draft) };
  }

  @Get(':draft')
  @ApiOperation({ summary: 'Read a draft, with who wrote its latest versions' })
  @ApiOkResponse({ standardSchema: Draft })
  @ended()
  async read(
    @Param({ schema: OfStory }) { story, draft }: z.infer<typeof OfStory>,
    @Req() { principal }: Authenticated,
  ): Promise<Draft> {
    return this.seen(await this.asked(story, draft, principal));
  }

  @Get(':draft/versions/:version')
  @ApiOperation({ summary: 'Read what a draft held in one of its latest versions' })
  @ApiOkResponse({ standardSchema: FormerDraft })
  @ended()
  async former(
    @Param({ schema: OfVersion }) { story, draft, version }: z.infer<typeof OfVersion>,
    @Req() { principal }: Authenticated,
  ): Promise<FormerDraft> {
    const asked = await this.asked(story, draft, principal);
    await this.seen(asked);
    return this.stored(this.drafts.former(asked, Number(version)));
  }

  @Put(':draft')
  @Needs('keep-draft')
  @ApiOperation({ summary: 'Begin a draft, or replace the version of it that you saw' })
  @ApiOkResponse({ standardSchema: SeenDraft, description: 'The draft’s version now.' })
  @conflict()
  @ended()
  @problem(413, 'The body is larger than 256 KiB.')
  @problem(415, 'The body is not JSON.')
  async save(
    @Param({ schema: OfStory }) { story, draft }: z.infer<typeof OfStory>,
    @Body({ schema: NewDraft }) wanted: NewDraft,
    @Req() { principal }: Authenticated,
  ): Promise<SeenDraft> {
    const wrong = unshowable(wanted.value, ['value']);
    if (wrong) throw refused(wrong);
    const asked = await this.asked(story, draft, principal);
    const { model } = asked;
    if (wanted.target !== undefined && !model.stories.get(story)!.developments.has(wanted.target)) throw noTarget();
    if (wanted.version > 0) mustKeep(await this.seen(asked), wanted);
    if (isTakenDown(model, story, wanted.target)) throw refused(refuse('development-taken-down'));
    return { version: await this.stored(this.drafts.save(asked, wanted, asked.by)) };
  }

  @Post(':draft/take-over')
  @Needs('take-over-draft')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take over a draft: it is yours from now on' })
  @ApiOkResponse({ standardSchema: Draft })
  @conflict()
  @ended()
  @problem(413, 'The body is larger than 256 KiB.')
  @problem(415, 'The body is not JSON.')
  takeOver(
    @Param({ schema: OfStory }) { story, draft }: z.infer<typeof OfStory>,
    @Body({ schema: SeenDraft }) { version }: SeenDraft,
    @Req() { principal }: Authenticated,
  ): Promise<Draft> {
    return this.give(story, draft, version, authorOf(principal), principal);
  }

  @Post(':draft/hand-over')
  @Needs('hand-over-draft')
  @HttpCode(200)
  @ApiOperation({ summary: 'Hand over a draft to a colleague' })
  @ApiOkResponse({ standardSchema: Draft })
  @conflict()
  @ended()
  @problem(413, 'The body is larger than 256 KiB.')
  @problem(415, 'The body is not JSON.')
  handOver(
    @Param({ schema: OfStory }) { story, draft }: z.infer<typeof OfStory>,
    @Body({ schema: HandOver }) { version, to }: HandOver,
    @Req() { principal }: Authenticated,
  ): Promise<Draft> {
    return this.give(story, draft, version, to, principal);
  }

  @Post(':draft/discard')
  @Needs('discard-draft')
  @HttpCode(200)
  @ApiOperation({ summary: 'Discard a draft: its key is destroyed, and nobody can read it again' })
  @ApiOkResponse({ standardSchema: EndedDraft, description: 'How the draft ended. It may have ended before.' })
  @conflict()
  @ended()
  @problem(413, 'The body is larger than 256 KiB.')
  @problem(415, 'The body is not JSON.')
  async discard(
    @Param({ schema: OfStory }) { story, draft }: z.infer<typeof OfStory>,
    @Body({ schema: SeenDraft }) { version }: SeenDraft,
    @Req() { principal }: Authenticated,
  ): Promise<EndedDraft> {
    try {
      const asked = await this.asked(story, draft, principal);
      await this.seen(asked);
      const { by } = asked;
      const end = await this.stored(this.drafts.end(asked, version, { by, how: 'discarded' }));
      this.logger.log({ by: by.id, story, draft, how: end.how }, 'draft ended');
      return end;
    } catch (error) {
      // A draft that was posted ends when somebody lists the drafts, which is often before its own desk asks.
      const before = isEnded(error) ? await this.stored(this.drafts.ended(draft, story)) : undefined;
      if (before) return before;
      throw error;
    }
  }

  private async give(story: string, draft: string, version: number, to: Author, principal: Principal): Promise<Draft> {
    const asked = await this.asked(story, draft, principal);
    const found = await this.seen(asked);
    // Nobody takes over a version that they could not see.
    if (found.version !== version) throw changed(found);
    await this.stored(this.drafts.give(asked, version, to));
    this.logger.log({ by: principal.id, story, draft, to: to.id }, 'draft handed over');
    // A person who held a draft for an embargo gives it away, and is still answered; what a colleague has saved since is for those who may see it.
    const isGiven = (other: Listed | Opened) => other.draft.version === version + 1;
    return (await this.stored(this.drafts.read({ ...asked, sees: now => isGiven(now) || asked.sees(now) }))).draft;
  }

  private async asked(story: string, id: string, principal: Principal): Promise<Request> {
    const model = await this.known(story, principal);
    return { id, story, model, by: authorOf(principal), sees: found => sees(model, story, found, principal) };
  }

  /** The draft. Throws a problem with status 404 if the person may not see it, and 410 if it has ended. */
  private async seen(asked: Request): Promise<Draft> {
    const found = await this.stored(this.drafts.read(asked));
    const end = endIn(asked.model, asked.story, found, asked.by);
    if (end) throw gone(await this.endNow(asked, end));
    return found.draft;
  }

  /** Ends a draft that is over in the log: the desk that posted it may have closed before it could say so. */
  private endNow(asked: Asked, end: End): Promise<EndedDraft> {
    return this.stored(this.drafts.end(asked, undefined, end));
  }

  /** The log, for somebody who may write in the story. */
  private async known(story: string, principal: Principal): Promise<WriteModel> {
    const model = await caughtUp(this.processor);
    const person = personIn(principal);
    allowedIn(entered(model, story, person), 'keep-draft', person);
    return model;
  }

  /** The answer, or a 503. */
  private async stored<Answer>(asked: Promise<Answer>): Promise<Answer> {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (error instanceof KeyStoreError) return noKeys(error);
      this.logger.warn({ why: (error as Error).message }, 'drafts are unavailable');
      const detail = 'The database of drafts does not answer. Keep what you have, and try again in a minute.';
      throw new Problem(503, 'drafts-unavailable', detail);
    }
  }
}

const isEnded = (error: unknown) => error instanceof Problem && error.details.code === 'draft-ended';

const noTarget = () =>
  new Problem(422, 'unknown-development', 'target: must be a development of this story', {
    errors: [{ field: 'target', message: 'must be a development of this story' }],
  });

/** Refuses to make a draft one of another development: its former versions hold words of that which it corrected. */
function mustKeep(draft: Draft, wanted: NewDraft): void {
  const changed = (['act', 'target'] as const).filter(name => draft[name] !== wanted[name]);
  if (changed.length === 0) return;
  const message = 'must stay as it is in this draft; save the rest as a new draft, under a new id';
  throw invalid(changed.map(name => ({ path: [name], message })));
}

/** Content under embargo is for those who may read it, and for the person whose draft it is. */
function sees(model: WriteModel, story: string, found: Listed | Opened, principal: Principal): boolean {
  const state: StoryState = model.stories.get(story)!;
  if (seesUnpublished(state, personIn(principal)) || found.draft.holder.id === principal.id) return true;
  return isOpenToAll(model, story, found);
}
