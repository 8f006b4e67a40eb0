import {
  Catalogue,
  DeskActors,
  DeskDevelopments,
  DeskKeyPoints,
  DeskProposals,
  DeskStories,
  DeskStory,
  DeskSubmissions,
  DeskTeam,
  DeskUnclassified,
  Me,
} from '#contract';
import {
  actorActs,
  actorTakedownActs,
  acts,
  DevelopmentId,
  isRefusal,
  mayIn,
  noStory,
  refuse,
  seesUnpublished,
  StoryId,
  tokenRolesFor,
  type Act,
} from '#domain';
import { Allow, AuthGuard, ForMachines, roles, type Authenticated } from '#platform';
import { Body, Controller, HttpCode, Logger, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { CommandProcessor } from '../commands/processor.js';
import { catalogueForForms } from '../reads/catalogue.js';
import { withheldContent, WithheldContent } from '../reads/content.js';
import { developmentsOf, storyOf, unclassifiedOf } from '../reads/developments.js';
import { headerKeysOf } from '../reads/header.js';
import { deskKeyPoints, keyPointTexts } from '../reads/key-points.js';
import { Preview, PreviewBody, previewOf } from '../reads/preview.js';
import { proposalsOf, proposedOn } from '../reads/proposals.js';
import { submissionsOf } from '../reads/submissions.js';
import { teamOf } from '../reads/team.js';
import { withTakedowns } from '../reads/actors.js';
import { refused } from './answer.js';
import { caughtUp, DeskRead, DeskReads, ListQuery, noKeys, pageById, entered, personIn, unknownStory } from './read.js';
import { Needs, problem } from './route.js';

const MeHere = Me.meta({
  id: 'Me',
  description: `The token’s person; the roles used here are ${roles.join(', ')}.`,
});

const everyAct = [
  ...Object.values<Pick<Act, 'does'>>(acts),
  ...Object.values(actorActs),
  ...Object.values(actorTakedownActs),
];

const OfStory = z.object({ story: StoryId, development: DevelopmentId });

/** Serves the desk's reads: the signed-in person, the forms' catalogue, stories, developments and actors. */
@DeskReads('')
export class ReadsController {
  private readonly log = new Logger('desk');

  constructor(private readonly processor: CommandProcessor) {}

  @ForMachines('any')
  @DeskRead('me', 'Show the token’s person, roles and acts', MeHere)
  me(@Req() { principal }: Authenticated): Me {
    const { id, name, roles, machine } = principal;
    if (machine) return { id, ...(name === undefined ? {} : { name }), roles: [...roles], may: [...machine.acts] };
    const { may: rightTo } = mayIn(noStory, personIn(principal));
    const may = everyAct.filter(({ does }) => rightTo.includes(does)).map(({ does }) => does);
    return { id, ...(name === undefined ? {} : { name }), roles: [...roles], may };
  }

  @ForMachines('any')
  @DeskRead('catalogue', 'List the kinds of development, with JSON Schemas for forms', Catalogue)
  catalogue(): Catalogue {
    return catalogueForForms();
  }

  @DeskRead('stories', 'List every story, with its state in the log', DeskStories)
  async stories(@Query({ schema: ListQuery }) query: ListQuery): Promise<DeskStories> {
    const model = await caughtUp(this.processor);
    const ids = (after: string, limit: number) => model.stories.records.keysAfter(after, limit);
    const page = pageById(ids, id => ({ id }), query, 'stories', '/stories');
    const keys = await headerKeysOf(
      model,
      this.processor,
      page.items.map(({ id }) => id),
    );
    const stories = page.items.flatMap(({ id }) => storyOf(model, id, keys) ?? []);
    return { position: model.arbitration.position, stories, next: page.next };
  }

  @DeskRead('stories/:story', 'Show a story’s state in the log; its ETag is the head for If-Match', DeskStory)
  async story(
    @Param('story', { schema: StoryId }) id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DeskStory> {
    const model = await caughtUp(this.processor);
    const story = storyOf(model, id, await headerKeysOf(model, this.processor, [id]));
    if (!story) throw unknownStory();
    response.setHeader('ETag', `"${story.head}"`);
    return story;
  }

  @DeskRead('stories/:story/developments', 'List the state of each development in the log', DeskDevelopments)
  async developments(
    @Param('story', { schema: StoryId }) story: string,
    @Query({ schema: ListQuery }) query: ListQuery,
    @Req() { principal }: Authenticated,
  ): Promise<DeskDevelopments> {
    const model = await caughtUp(this.processor);
    entered(model, story, personIn(principal));
    const keys = await headerKeysOf(model, this.processor, [story]);
    const developments = developmentsOf(model, story, query, personIn(principal), keys);
    if (!developments) throw unknownStory();
    return developments;
  }

  @DeskRead('stories/:story/team', 'Show a story’s team, and what you may do in the story', DeskTeam)
  async team(
    @Param('story', { schema: StoryId }) story: string,
    @Req() { principal }: Authenticated,
  ): Promise<DeskTeam> {
    const model = await caughtUp(this.processor);
    entered(model, story, personIn(principal));
    return teamOf(model, story, personIn(principal));
  }

  @DeskRead(
    'stories/:story/key-points',
    'List a story’s key points, and and which of the developments they cite have changed',
    DeskKeyPoints,
  )
  async keyPoints(
    @Param('story', { schema: StoryId }) story: string,
    @Req() { principal }: Authenticated,
  ): Promise<DeskKeyPoints> {
    const model = await caughtUp(this.processor);
    entered(model, story, personIn(principal));
    const texts = keyPointTexts(model, story);
    const keys = texts.length > 0 ? await this.processor.keysOf(texts).catch(noKeys) : new Map();
    const found = deskKeyPoints(model, story, keys);
    if (!found) throw unknownStory();
    return found;
  }

  @DeskRead('stories/:story/unclassified', 'List the plain updates that nobody has classified yet', DeskUnclassified)
  async unclassified(
    @Param('story', { schema: StoryId }) story: string,
    @Query({ schema: ListQuery }) query: ListQuery,
    @Req() { principal }: Authenticated,
  ): Promise<DeskUnclassified> {
    const model = await caughtUp(this.processor);
    entered(model, story, personIn(principal));
    const found = unclassifiedOf(model, story, query, personIn(principal));
    if (!found) throw unknownStory();
    return found;
  }

  @DeskRead(
    'stories/:story/developments/:development/content',
    'Read the content of a development under embargo; after the embargo, the readers’ API gives it',
    WithheldContent,
  )
  @problem(409, 'It is not under embargo, so the readers’ API gives its content; or it was taken down.')
  async content(
    @Param({ schema: OfStory }) { story, development }: z.infer<typeof OfStory>,
    @Req() { principal }: Authenticated,
  ): Promise<WithheldContent> {
    const model = await caughtUp(this.processor);
    const person = personIn(principal);
    const sees = seesUnpublished(entered(model, story, person), person);
    const content = sees
      ? await withheldContent(model, this.processor, story, development).catch(noKeys)
      : refuse('role-needed', { allowed: ['editor', 'legal'] });
    const got = isRefusal(content) ? content.refused : 'content';
    this.log.log({ by: principal.id, story, development, got }, 'embargoed content read');
    if (isRefusal(content)) throw refused(content);
    return content;
  }

  @DeskRead(
    'stories/:story/submissions',
    'List what waits for another person’s approval, with its content; your own, if you may not approve',
    DeskSubmissions,
  )
  async submissions(
    @Param('story', { schema: StoryId }) story: string,
    @Req() { principal }: Authenticated,
  ): Promise<DeskSubmissions> {
    const model = await caughtUp(this.processor);
    const person = personIn(principal);
    entered(model, story, person);
    return submissionsOf(model, this.processor, story, person).catch(noKeys);
  }

  @ForMachines('any')
  @DeskRead('actors', 'List every registered actor, with its aliases', DeskActors)
  async actors(@Query({ schema: ListQuery }) query: ListQuery): Promise<DeskActors> {
    const model = await caughtUp(this.processor);
    const { directory, arbitration } = model;
    // Without the key store the desk shows the ids of actors whose names it has not opened yet.
    await this.processor.names.open(directory);
    const { profiles } = this.processor.names.known(directory);
    const page = pageById(profiles.keys(), id => ({ id, ...profiles.get(id)! }), query, 'actors', '/actors');
    const actors = await withTakedowns(model, this.processor, page.items);
    return { position: arbitration.position, actors, next: page.next };
  }
}

@Controller('preview')
@UseGuards(AuthGuard)
@ApiTags('desk')
@ApiBearerAuth()
/** Shows an editor how readers would see a draft. It records nothing. */
export class PreviewController {
  constructor(private readonly processor: CommandProcessor) {}

  @Post()
  @HttpCode(200)
  @Allow([...tokenRolesFor('preview-content')])
  @Needs('preview-content')
  @ApiOperation({ summary: 'Preview what readers would see of a content; nothing is recorded' })
  @ApiOkResponse({ standardSchema: Preview })
  @problem(401, 'The token is missing or invalid.')
  @problem(403, 'The token’s roles do not allow this.')
  preview(@Body({ schema: PreviewBody }) body: PreviewBody, @Req() { principal }: Authenticated): Preview {
    const model = this.processor.view();
    const directory = this.processor.names.known(model.directory);
    return previewOf(body, { ...model, directory }, principal, this.processor.now());
  }
}

@DeskReads('stories/:story/proposals')
/** Lists a story's proposals that wait for a second person. */
export class OpenProposalsController {
  constructor(private readonly processor: CommandProcessor) {}

  @DeskRead('', 'List the proposals that need a second person, oldest first', DeskProposals)
  async open(
    @Param('story', { schema: StoryId }) story: string,
    @Req() { principal }: Authenticated,
  ): Promise<DeskProposals> {
    const model = await caughtUp(this.processor);
    const person = personIn(principal);
    const on = proposedOn(model, story, seesUnpublished(entered(model, story, person), person));
    const keys = await this.processor.keysOf(on).catch(noKeys);
    const proposals = proposalsOf(model, story, on, keys);
    if (!proposals) throw unknownStory();
    return proposals;
  }
}
