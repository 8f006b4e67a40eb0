import { Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Response } from 'express';
import { sendDocument, type Held } from '../http/answer.js';
import { PublicUrl } from '../http/public-url.js';
import { Id, IfNoneMatch, ReadDocument, Reads } from '../http/reads.js';
import { addressesOf, type Addresses } from './addresses.js';
import { atomFeed } from './atom.js';
import { jsonFeed } from './json-feed.js';
import { ReadSyndicated } from './read-syndicated.js';
import type { Syndicated } from './syndicated.js';

@Reads('feeds', 'stories/:story')
export class FeedsController {
  constructor(
    private readonly bus: QueryBus,
    private readonly publicUrl: PublicUrl,
  ) {}

  @ReadDocument('feed.atom', 'The story as an Atom feed', 'application/atom+xml')
  atom(@Id('story') story: string, @IfNoneMatch() held: Held, @Res() response: Response) {
    return this.answer(story, 'application/atom+xml; charset=utf-8', atomFeed, held, response);
  }

  @ReadDocument('feed.json', 'The story as a JSON Feed', 'application/feed+json')
  json(@Id('story') story: string, @IfNoneMatch() held: Held, @Res() response: Response) {
    return this.answer(story, 'application/feed+json', jsonFeed, held, response);
  }

  private async answer(story: string, type: string, write: Write, held: Held, response: Response) {
    const syndicated = await this.bus.execute(new ReadSyndicated(story));
    const addresses = addressesOf(this.publicUrl.of(response.req), story);
    sendDocument({ type, text: write(syndicated, addresses), log: syndicated.log }, held, response);
  }
}

type Write = (story: Syndicated, addresses: Addresses) => string;
