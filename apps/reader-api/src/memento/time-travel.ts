import { Problem } from '#platform';
import { applyDecorators, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Answers } from '../answers/answers.js';
import type { Scope } from '../answers/known.js';
import type { Answer } from '../http/answer.js';
import { ReadProblem } from '../http/problems.js';
import { PublicUrl } from '../http/public-url.js';
import { addressesOf, alternates } from '../syndication/addresses.js';
import {
  httpDate,
  originalOf,
  readHttpDate,
  resources,
  type Resource,
  linkHeader,
  mementoUri,
  ofMemento,
  ofOriginal,
} from './links.js';
import { FindMemento, FindMementoSeen } from './mementos.js';

/**
 * Memento (RFC 7089) for a story's resources, by what readers could see. The bare URI is the original and the TimeGate; with
 * `?position=` it is a memento.
 */
@Injectable()
export class TimeTravel {
  constructor(
    private readonly bus: QueryBus,
    private readonly publicUrl: PublicUrl,
    private readonly answers: Answers,
  ) {}

  /**
   * Sends the answer with Memento links. Redirects a bare URI with Accept-Datetime to the memento of that instant. `question` and
   * `scope`: as of `Answers.send`.
   */
  async answer(
    response: Response,
    story: string,
    resource: Resource,
    question: readonly unknown[],
    scope: Scope,
    make: () => Promise<Answer>,
  ) {
    const { query, headers } = response.req;
    const asked = headers['accept-datetime'];
    const parameters = Object.keys(query);
    const bare = parameters.length === 0;
    if (bare && asked !== undefined) return this.redirect(response, story, resource, String(asked));
    const isMemento = parameters.length === 1 && typeof query.position === 'string';
    const base = this.publicUrl.of(response.req);
    await this.answers.send(response, [resource, story, bare, isMemento, ...question], scope, async () => {
      const answer = await make();
      if (bare) return { ...answer, headers: linksOf(base, story, resource) };
      return isMemento
        ? { ...answer, headers: await this.place(base, story, resource, Number(query.position)) }
        : answer;
    });
  }

  private async redirect(response: Response, story: string, resource: Resource, asked: string) {
    const instant = readHttpDate(asked);
    if (instant === undefined) throw wrongDatetime();
    const found = await this.bus.execute(new FindMementoSeen(story, instant, resources[resource]));
    const original = this.original(response, story, resource);
    const links = [...ofOriginal(original), ...ofMemento(original, found)];
    response.vary('Accept-Datetime').setHeader('Cache-Control', 'no-cache').setHeader('Link', linkHeader(links));
    response.status(302).location(mementoUri(original, found.self)).end();
  }

  /** A position between two states that readers saw is in the past, but is not a memento. */
  private async place(base: string, story: string, resource: Resource, position: number) {
    const found = await this.bus.execute(new FindMemento(story, position, resources[resource]));
    const original = originalOf(base, story, resource);
    const links = [...ofOriginal(original), ...(found ? ofMemento(original, found) : [])];
    return {
      Link: linkHeader(links),
      ...(found && { 'Memento-Datetime': httpDate(found.self.at) }),
    };
  }

  private original({ req }: { req: Request }, story: string, resource: Resource) {
    return originalOf(this.publicUrl.of(req), story, resource);
  }
}

function linksOf(base: string, story: string, resource: Resource) {
  const links = [...ofOriginal(originalOf(base, story, resource)), ...alternates(addressesOf(base, story))];
  return { Vary: 'Accept-Datetime', Link: linkHeader(links) };
}

function wrongDatetime(): Problem {
  const message = 'must be an HTTP date in GMT, such as Fri, 15 Aug 2025 19:30:00 GMT';
  const errors = [{ field: 'Accept-Datetime', message }];
  return new Problem(400, 'wrong-datetime', `Accept-Datetime ${message}`, { errors });
}

/** Documents that the route without parameters is a TimeGate. */
export const AcceptDatetime = () =>
  applyDecorators(
    ApiHeader({
      name: 'Accept-Datetime',
      required: false,
      description: 'Without query parameters: redirects to the state that readers saw at this HTTP date (RFC 7089).',
    }),
    ApiResponse({
      status: 302,
      description: 'Redirects to the memento of the requested datetime.',
      headers: {
        Location: { description: 'The memento.', required: true, schema: { type: 'string' } },
        Link: {
          description: 'The original resource and the neighbouring mementos.',
          required: true,
          schema: { type: 'string' },
        },
        Vary: { description: 'Accept-Datetime.', required: true, schema: { type: 'string' } },
        'Cache-Control': { description: 'Revalidate each time.', required: true, schema: { type: 'string' } },
      },
    }),
    ReadProblem(400, 'Accept-Datetime is not an HTTP date.', ['wrong-datetime']),
  );
