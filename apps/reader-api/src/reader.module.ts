import { ConnectionDrain, logging } from '#platform';
import { LivenessController } from '#platform/liveness';
import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { dateline, type Brand } from '#pages';
import type { Registry } from 'prom-client';
import { Answers } from './answers/answers.js';
import { BRAND } from './brand/site.js';
import { ChangesController } from './http/changes.js';
import { ActorsController } from './http/actors.js';
import { AsyncApiController } from './http/async-api.js';
import { CrawlersController } from './http/crawlers.js';
import { FeedsController } from './http/feeds.js';
import { HealthController } from './http/health.js';
import { MediaController } from './http/media.js';
import { PublicFiles } from './http/public-files.js';
import { PublicUrl } from './http/public-url.js';
import { SearchController } from './http/search.js';
import { StoriesController } from './http/stories.js';
import { StoryActorsController } from './http/story-actors.js';
import { TimelineController } from './http/timeline.js';
import { TimeMapsController } from './http/time-maps.js';
import { LiveController } from './live/live.controller.js';
import { ChangeListener } from './live/change-listener.js';
import { LiveStreams } from './live/streams.js';
import { FragmentsController, OembedController } from './embed/embeds.controller.js';
import { FindMementoHandler, FindMementoSeenHandler, ListMementosHandler } from './memento/mementos.js';
import { TimeTravel } from './memento/time-travel.js';
import { ExportController } from './pages/export.js';
import { PagesController } from './pages/pages.controller.js';
import { ReadModels } from './read-models.js';
import { SETTINGS, type ReaderSettings } from './settings.js';
import { Deliveries, METRICS } from './telemetry/deliveries.js';

@Module({})
/** The reader-api's controllers and services. */
export class ReaderModule {
  static of(settings: ReaderSettings, metrics: Registry, brand: Brand = dateline): DynamicModule {
    return {
      module: ReaderModule,
      imports: [CqrsModule.forRoot(), logging('reader-api', settings.LOG_LEVEL)],
      controllers: [
        PagesController,
        FragmentsController,
        ExportController,
        StoriesController,
        TimelineController,
        SearchController,
        ChangesController,
        LiveController,
        TimeMapsController,
        FeedsController,
        CrawlersController,
        MediaController,
        OembedController,
        AsyncApiController,
        StoryActorsController,
        ActorsController,
        HealthController,
        LivenessController,
      ],
      providers: [
        FindMementoHandler,
        FindMementoSeenHandler,
        ListMementosHandler,
        ConnectionDrain,
        PublicUrl,
        PublicFiles,
        Answers,
        TimeTravel,
        ReadModels,
        LiveStreams,
        ChangeListener,
        Deliveries,
        { provide: METRICS, useValue: metrics },
        { provide: SETTINGS, useValue: settings },
        { provide: BRAND, useValue: brand },
      ],
    };
  }
}
