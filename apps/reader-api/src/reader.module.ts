import { Farewell, LivenessController, logging } from '#platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { Registry } from 'prom-client';
import { ActorsController } from './actors/actors.controller.js';
import { GetActorHandler } from './actors/get-actor.js';
import { GetStoryActorHandler } from './actors/get-story-actor.js';
import { ListActorsHandler } from './actors/list-actors.js';
import { ListStoryActorsHandler } from './actors/list-story-actors.js';
import { StoryActorsController } from './actors/story-actors.controller.js';
import { HealthController } from './health/health.controller.js';
import { LiveController } from './live/live.controller.js';
import { News } from './live/news.js';
import { LiveStreams } from './live/streams.js';
import { pageQueries, PagesController } from './pages/index.js';
import { ReadModels } from './read-models.js';
import { PublicUrl } from './http/public-url.js';
import { ListMementosHandler } from './memento/list-mementos.js';
import { TimeMapsController } from './memento/time-maps.controller.js';
import { TimeTravel } from './memento/time-travel.js';
import { Deliveries, METRICS } from './telemetry/deliveries.js';
import { SETTINGS, type ReaderSettings } from './settings.js';
import { GetStoryHandler } from './stories/get-story.js';
import { ListStoriesHandler } from './stories/list-stories.js';
import { StoriesController } from './stories/stories.controller.js';
import { GetDevelopmentHandler } from './timeline/get-development.js';
import { ListHistoryHandler } from './timeline/list-history.js';
import { ListTimelineHandler } from './timeline/list-timeline.js';
import { CrawlersController } from './syndication/crawlers.controller.js';
import { AsyncApiController } from './docs/async-api.controller.js';
import { FeedsController } from './syndication/feeds.controller.js';
import { ReadSyndicatedHandler } from './syndication/read-syndicated.js';
import { TimelineController } from './timeline/timeline.controller.js';

const queries = [
  ...pageQueries,
  ListStoriesHandler,
  GetStoryHandler,
  ListTimelineHandler,
  GetDevelopmentHandler,
  ListHistoryHandler,
  ListStoryActorsHandler,
  GetStoryActorHandler,
  ListActorsHandler,
  GetActorHandler,
  ListMementosHandler,
  ReadSyndicatedHandler,
];

@Module({})
export class ReaderModule {
  static of(settings: ReaderSettings, metrics: Registry): DynamicModule {
    return {
      module: ReaderModule,
      imports: [CqrsModule.forRoot(), logging('reader-api', settings.LOG_LEVEL)],
      controllers: [
        PagesController,
        StoriesController,
        TimelineController,
        LiveController,
        TimeMapsController,
        FeedsController,
        CrawlersController,
        AsyncApiController,
        StoryActorsController,
        ActorsController,
        HealthController,
        LivenessController,
      ],
      providers: [
        ...queries,
        Farewell,
        PublicUrl,
        TimeTravel,
        ReadModels,
        LiveStreams,
        News,
        Deliveries,
        { provide: METRICS, useValue: metrics },
        { provide: SETTINGS, useValue: settings },
      ],
    };
  }
}
