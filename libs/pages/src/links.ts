import { pathTo } from '#client';

/** The addresses of pages. A story's slug is its id. */
export const links = {
  stories: '/s',
  story: (story: string) => pathTo('s', story),
  development: (story: string, development: string) => pathTo('s', story, 'd', development),
  actor: (story: string, actor: string) => pathTo('s', story, 'actors', actor),
  history: (story: string) => pathTo('s', story, 'history'),
  /** The anchor of an update on the story's page. */
  anchor: (development: string) => `d-${development}`,
};
