import { Res } from '@nestjs/common';
import type { Response } from 'express';
import { ReadModels } from '../read-models.js';
import { addressesOf, type Addresses } from '../syndication/addresses.js';
import { atomFeed } from '../syndication/atom.js';
import { jsonFeed } from '../syndication/json-feed.js';
import { syndicated, type Syndicated } from '../syndication/syndicated.js';
import { byBytes, send, type Held } from './answer.js';
import { PublicUrl } from './public-url.js';
import { Id, IfNoneMatch, ReadDocument, Reads } from './reads.js';

@Reads('feeds', 'stories/:story')
/** Serves a story's Atom and JSON feeds. */
export class FeedsController {
  constructor(
    private readonly models: ReadModels,
    private readonly publicUrl: PublicUrl,
  ) {}

  @ReadDocument('feed.atom', 'Show the story as an Atom feed', 'application/atom+xml')
  atom(@Id('story') story: string, @IfNoneMatch() held: Held, @Res() response: Response) {
    return this.answer(story, 'application/atom+xml; charset=utf-8', atomFeed, held, response);
  }

  @ReadDocument('feed.json', 'Show the story as a JSON Feed', 'application/feed+json')
  json(@Id('story') story: string, @IfNoneMatch() held: Held, @Res() response: Response) {
    return this.answer(story, 'application/feed+json', jsonFeed, held, response);
  }

  private async answer(story: string, type: string, write: Write, held: Held, response: Response) {
    const content = await this.models.read(reading => syndicated(reading, story));
    const addresses = addressesOf(this.publicUrl.of(response.req), story);
    send(byBytes(content, held, type, write(content, addresses)), response);
  }
}

type Write = (story: Syndicated, addresses: Addresses) => string;
