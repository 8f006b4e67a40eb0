import { Res } from '@nestjs/common';
import type { Response } from 'express';
import { ReadModels } from '../read-models.js';
import { addressesOf, type Addresses } from '../syndication/addresses.js';
import { atomFeed } from '../syndication/atom.js';
import { jsonFeed } from '../syndication/json-feed.js';
import { rssFeed } from '../syndication/rss.js';
import { syndicated, type Syndicated } from '../syndication/syndicated.js';
import { Answers } from '../answers/answers.js';
import { byBytes } from './answer.js';
import { PublicUrl } from './public-url.js';
import { Id, ReadDocument, Reads } from './reads.js';

@Reads('feeds', 'stories/:story')
/** Serves a story's Atom, JSON and RSS feeds. */
export class FeedsController {
  constructor(
    private readonly models: ReadModels,
    private readonly publicUrl: PublicUrl,
    private readonly answers: Answers,
  ) {}

  @ReadDocument('feed.atom', 'Show the story as an Atom feed', 'application/atom+xml')
  atom(@Id('story') story: string, @Res() response: Response) {
    return this.answer(story, 'application/atom+xml; charset=utf-8', atomFeed, response);
  }

  @ReadDocument('feed.json', 'Show the story as a JSON Feed', 'application/feed+json')
  json(@Id('story') story: string, @Res() response: Response) {
    return this.answer(story, 'application/feed+json', jsonFeed, response);
  }

  @ReadDocument('feed.rss', 'Show the story as an RSS 2.0 feed', 'application/rss+xml')
  rss(@Id('story') story: string, @Res() response: Response) {
    return this.answer(story, 'application/rss+xml; charset=utf-8', rssFeed, response);
  }

  private async answer(story: string, type: string, write: Write, response: Response) {
    const addresses = addressesOf(this.publicUrl.of(response.req), story);
    await this.answers.send(response, ['feed', story, type], { story }, async () => {
      const content = await this.models.read(reading => syndicated(reading, story));
      return byBytes(content, type, write(content, addresses));
    });
  }
}

type Write = (story: Syndicated, addresses: Addresses) => string;
