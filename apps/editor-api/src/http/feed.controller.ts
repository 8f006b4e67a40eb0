import { DeskCommit } from '#contract';
import { mayEnter, notAllowedIn, StoryId, type Person } from '#domain';
import {
  drained,
  onceClosed,
  Places,
  Problem,
  refuse,
  TokenVerifier,
  type Authenticated,
  type Principal,
} from '#platform';
import { Get, Inject, Optional, Param, Req, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { Response } from 'express';
import { newsSince, seenIn, type DeskNews } from '../reads/feed.js';
import { headerKeysOf } from '../reads/header.js';
import { CommandProcessor } from '../commands/processor.js';
import type { WriteModel } from '../commands/write-model.js';
import { DeskWatch } from '../presence/watch.js';
import { won } from './answer.js';
import { DESK, type DeskSettings } from './desk-page.controller.js';
import { caughtUp, DeskReads, entered, personIn } from './read.js';

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // A proxy that compresses would hold each event back until a block is full.
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** Heartbeat interval on a silent stream, in milliseconds. */
const heartbeatMs = 10_000;

/** How long a successful token check is trusted, in milliseconds. No event is sent later than this after a token ended. */
const checkAgainMs = 1_000;

const hasOtherRoles = (before: Person, now: Principal): boolean =>
  before.roles.toSorted().join() !== now.roles.toSorted().join();

/** Whether a person may still read the story at the desk, and has the roles that they had. */
function mayGoOn({ stories }: WriteModel, story: string, person: Person, now: Principal): boolean {
  const state = stories.get(story);
  return state !== undefined && mayEnter(state, person) && !hasOtherRoles(person, now);
}

/** Whether nothing more can be written to it. */
const isOver = ({ destroyed, writableEnded }: Response) => destroyed || writableEnded;

/** How long to wait for news, in milliseconds: no longer than the session lasts. One that holds beyond its end is checked again after a rest. */
function patienceOf({ ends }: Authenticated['principal']): number {
  const left = ends - Date.now();
  return left > 0 ? Math.min(heartbeatMs, left) : checkAgainMs;
}

const frame = (event: string, data: object) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

const signedOut = frame('signed-out', { detail: 'The token has expired or is revoked. Sign in again.' });

function frameOf({ news, ...data }: DeskNews): string {
  if (!('commit' in data)) return frame(news, data);
  return frame(news, { ...data, commit: won(data.commit) });
}

function tooManyFeeds(response: Response, inAll: boolean): Problem {
  refuse(response, 'streams');
  const whose = inAll ? 'Too many feeds are open.' : 'You have too many feeds open.';
  const detail = `${whose} Close those that you do not need, or try again later.`;
  return new Problem(inAll ? 503 : 429, 'too-many-feeds', detail, { retryAfter: 10 });
}

/** What a feed tells beside the log. */
interface Shared {
  readonly news: () => string;
  /** Resolves to true once there is news; to false once the signal is aborted. */
  readonly changes: (signal: AbortSignal) => Promise<boolean>;
}

@DeskReads('stories/:story/feed')
/** Streams a story's commits to open desks, as Server-Sent Events. */
export class FeedController implements BeforeApplicationShutdown {
  private readonly open = new Set<Response>();
  private readonly places: Places;

  constructor(
    private readonly processor: CommandProcessor,
    private readonly verifier: TokenVerifier,
    @Inject(DESK) private readonly desk: DeskSettings,
    @Optional() private readonly beside?: DeskWatch,
  ) {
    this.places = new Places(desk.feeds.most, desk.feeds.mostEach);
  }

  @Get()
  @ApiOperation({
    summary: 'Follow a story’s commits in the log, as Server-Sent Events',
    description:
      '`hello` gives the log’s position: load the developments after it. Each `commit` names the developments that it changed and their new state. `position` gives the log’s position. `actors` says that the registry changed, `resync` that you must reload the developments. `presence` names the people who are at the story now, `drafts` its drafts with their versions. `signed-out` says that the token is no longer accepted: it is the last event.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'The data of `commit`.', standardSchema: DeskCommit })
  async follow(
    @Param('story', { schema: StoryId }) story: string,
    @Req() request: Authenticated,
    @Res() response: Response,
  ): Promise<void> {
    const leave = this.places.take(request.principal.id);
    if (!leave) throw tooManyFeeds(response, this.places.full);
    const gone = new AbortController();
    onceClosed(response, () => gone.abort());
    try {
      await this.send(story, request, response, gone.signal);
    } finally {
      leave();
      gone.abort();
      this.open.delete(response);
    }
  }

  /** Sends the feed until the desk leaves, the session ends or the process stops. `gone` is aborted when the response is closed. */
  private async send(story: string, request: Authenticated, response: Response, gone: AbortSignal): Promise<void> {
    const { principal } = request;
    const first = await caughtUp(this.processor);
    if (response.destroyed) return;
    const person = personIn(principal);
    entered(first, story, person);
    let seen = seenIn(first, story);
    response.writeHead(200, headers).flushHeaders();
    if (request.method === 'HEAD') return void response.end();
    this.open.add(response);
    response.write(frame('hello', { position: seen.position }));
    const signedIn = this.watch(request);
    const shared = this.follows(story, person, gone);
    while (!gone.aborted) {
      await this.moves(seen.position + 1, patienceOf(principal), shared, gone);
      const now = await signedIn();
      const keys = now && (await headerKeysOf(this.processor.view(), this.processor, [story]));
      // During each of these waits the desk may leave, or the process may end the response. A write after that would be an error.
      if (isOver(response)) return;
      if (!now || !keys) return void response.end(signedOut);
      const model = this.processor.view();
      // The desk asks for the feed again: it learns why its person is out, or loads what they may see with their new roles.
      if (!mayGoOn(model, story, person, now)) return void response.end();
      // Whatever ended the wait, the model may have commits that are not sent yet: a post ends its draft at the same moment.
      const news = shared.news() + newsSince(seen, model, story, person, keys).map(frameOf).join('');
      response.write(news || ': still here\n\n');
      seen = seenIn(model, story);
      if (response.writableNeedDrain && !(await drained(response, this.desk.feeds.patienceMs)))
        return void response.destroy();
    }
  }

  /** Waits until the log reaches the position or something beside the log changes, at most `patience` milliseconds. */
  private async moves(position: number, patience: number, shared: Shared, gone: AbortSignal): Promise<void> {
    const either = new AbortController();
    const signal = AbortSignal.any([gone, either.signal]);
    try {
      const beside = shared.changes(signal).then(changed => changed || new Promise(() => undefined));
      await Promise.race([this.processor.reaches(position, patience, signal), beside]);
    } finally {
      either.abort();
    }
  }

  /** What desks share beside the log, as frames of what changed since the last call. */
  private follows(story: string, person: Person, gone: AbortSignal): Shared {
    const { beside } = this;
    if (!beside) return { news: () => '', changes: () => Promise.resolve(false) };
    const leave = beside.follow(story);
    gone.addEventListener('abort', leave, { once: true });
    let stamp = 0;
    const sent = { presence: '', drafts: '' };
    const fresh = (event: keyof typeof sent, data: object) => {
      const text = frame(event, data);
      if (sent[event] === text) return '';
      sent[event] = text;
      return text;
    };
    const writes = () => {
      const state = this.processor.view().stories.get(story);
      return state !== undefined && notAllowedIn(state, 'keep-draft', person) === undefined;
    };
    return {
      news: () => {
        const now = beside.of(story);
        if (now.stamp === stamp) return '';
        stamp = now.stamp;
        return fresh('presence', { people: now.people }) + (writes() ? fresh('drafts', { drafts: now.drafts }) : '');
      },
      changes: signal => beside.changes(story, stamp, signal),
    };
  }

  /** The request's principal, while its token is accepted. The answer is at most a second old. */
  private watch(request: Authenticated): () => Promise<Principal | undefined> {
    let checked = performance.now();
    return async () => {
      const now = performance.now();
      if (Date.now() < request.principal.ends && now - checked < checkAgainMs) return request.principal;
      checked = now;
      return this.verifier.current(request);
    };
  }

  beforeApplicationShutdown(): void {
    for (const response of this.open) response.end();
  }
}
