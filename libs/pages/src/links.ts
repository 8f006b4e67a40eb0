const path = (...parts: string[]) => '/' + parts.map(encodeURIComponent).join('/');

/** The addresses of pages. A story's slug is its id. */
export const links = {
  stories: '/s',
  story: (story: string) => path('s', story),
  development: (story: string, development: string) => path('s', story, 'd', development),
  actor: (story: string, actor: string) => path('s', story, 'actors', actor),
  history: (story: string) => path('s', story, 'history'),
  /** Where an update stands on the story's page. */
  anchor: (development: string) => `d-${development}`,
};
