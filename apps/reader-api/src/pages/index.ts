import { ReadActorPageHandler } from './actor-page.js';
import { ReadDevelopmentPageHandler } from './development-page.js';
import { ReadHistoryPageHandler } from './history/history-page.js';
import { ReadStoriesPageHandler } from './stories-page.js';
import { ReadStoryPageHandler } from './story-page.js';

export { PagesController } from './pages.controller.js';

export const pageQueries = [
  ReadStoriesPageHandler,
  ReadStoryPageHandler,
  ReadDevelopmentPageHandler,
  ReadActorPageHandler,
  ReadHistoryPageHandler,
];
