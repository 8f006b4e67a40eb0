import type { Notes } from '#contract';
import {
  actorActs,
  ActorId,
  actorTakedownActs,
  acts,
  CommitId,
  cutToSecond,
  DevelopmentId,
  Slug,
  StoryId,
  TextId,
} from '#domain';
import type { Act, ActorAct, ActorTakedownAct, NewContent } from '#domain';
import { Body, Param, Put, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { PerformAct, type Envelope, type Target } from '../commands/perform.js';
import { answer } from './answer.js';
import { CommandEnvelope } from './envelope.js';
import { Command, Commands } from './route.js';

type AnyAct = Act | ActorAct | ActorTakedownAct;
type On = AnyAct['on'];

interface Place {
  readonly path: string;
  /** The schema of the ids in the path. Absent where the body holds the id of a new resource. */
  readonly target?: z.ZodType;
  readonly method: typeof Post;
  /** The first part of the operation's name. */
  readonly group: string;
}

/** The routes of acts, by the kind of resource that they change. */
const places: Readonly<Record<On, Place>> = {
  newStory: { path: 'stories', method: Post, group: 'StoriesController' },
  story: {
    path: 'stories/:story',
    target: z.object({ story: StoryId }),
    method: Post,
    group: 'StoriesController',
  },
  development: {
    path: 'stories/:story/developments/:development',
    target: z.object({ story: StoryId, development: DevelopmentId }),
    method: Post,
    group: 'DevelopmentsController',
  },
  condition: {
    path: 'stories/:story/conditions/:condition',
    target: z.object({ story: StoryId, condition: Slug }),
    method: Post,
    group: 'StoriesController',
  },
  text: {
    path: 'stories/:story/texts/:text',
    target: z.object({ story: StoryId, text: TextId }),
    method: Post,
    group: 'TextsController',
  },
  proposal: {
    path: 'stories/:story/proposals/:proposal',
    target: z.object({ story: StoryId, proposal: CommitId }),
    method: Post,
    group: 'ProposalsController',
  },
  newActor: { path: 'actors', method: Post, group: 'ActorsController' },
  actor: { path: 'actors/:actor', target: z.object({ actor: ActorId }), method: Put, group: 'ActorsController' },
  entry: { path: 'actors/:actor', target: z.object({ actor: ActorId }), method: Post, group: 'ActorsController' },
  entryProposal: {
    path: 'actors/:actor/proposals/:proposal',
    target: z.object({ actor: ActorId, proposal: CommitId }),
    method: Post,
    group: 'ActorsController',
  },
};

/** Operation names of generated clients that do not follow from the route. */
const published: Readonly<Record<string, string>> = {
  openStory: 'StoriesController_open',
  recordDevelopment: 'StoriesController_record',
  changeEmbargo: 'DevelopmentsController_changeEmbargo',
  requireApprovals: 'ProposalsController_require',
  proposeApprovals: 'ProposalsController_propose',
  registerActor: 'ActorsController_register',
  amendActor: 'ActorsController_amend',
};

const camelCase = (route: string) => route.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Serves one route for each act of the domain's lists. */
@Commands('')
export class ActsController {
  constructor(private readonly bus: CommandBus) {}

  async perform(act: AnyAct, envelope: Envelope, target: Target, body: object, response: Response) {
    const outcome = await this.bus.execute(new PerformAct(act, envelope, target, body));
    return { ...answer(outcome, envelope, response), ...noted(body) };
  }
}

/** Says which instants of a content were cut to the second. */
function noted(body: { readonly content?: NewContent }): { notes?: Notes } {
  const { from, to } = body.content?.occurred ?? {};
  const cut = cutToSecond({ from, to, precision: 'second' });
  const notes = Object.entries({ from, to }).flatMap(([end, sent]) => {
    const kept = cut[end as 'from' | 'to'];
    const message = `is recorded as ${kept}: fractions of a second are cut`;
    return kept === sent ? [] : [{ field: `content.occurred.${end}`, message }];
  });
  return notes.length > 0 ? { notes } : {};
}

type Handler = (
  this: ActsController,
  envelope: Envelope,
  response: Response,
  target?: Target,
  body?: object,
) => ReturnType<ActsController['perform']>;

/**
 * Builds the handler that makes a target and a body of an act's request. For a new resource the body holds its id, and the rest is its
 * content.
 */
function handlerOf(act: AnyAct): Handler {
  return function (envelope, response, target, body = {}) {
    if (act.on !== 'newStory' && act.on !== 'newActor') return this.perform(act, envelope, target!, body, response);
    const { id, ...rest } = body as { id: string };
    return this.perform(act, envelope, act.on === 'newStory' ? { story: id } : { actor: id }, rest, response);
  };
}

for (const [name, act] of Object.entries<AnyAct>({ ...acts, ...actorActs, ...actorTakedownActs })) {
  const { path, target, method, group } = places[act.on];
  const route = 'route' in act ? act.route : '';
  const prototype = ActsController.prototype;
  // Nest finds a handler's metadata by the name of its function.
  const handler = Object.defineProperty(handlerOf(act), 'name', { value: name });
  Object.defineProperty(prototype, name, { value: handler, writable: true, configurable: true });
  Reflect.defineMetadata('design:paramtypes', [Object, Object, Object, Object], prototype, name);
  CommandEnvelope()(prototype, name, 0);
  Res({ passthrough: true })(prototype, name, 1);
  if (target) Param({ schema: target })(prototype, name, 2);
  if (act.body) Body({ schema: act.body })(prototype, name, 3);
  const operationId = published[name] ?? `${group}_${camelCase(route)}`;
  const decorators = [
    method(route ? `${path}/${route}` : path),
    Command(act.summary, [...act.roles], act.does),
    ApiOperation({ operationId }),
  ];
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)!;
  for (const decorate of decorators) decorate(prototype, name, descriptor);
}
