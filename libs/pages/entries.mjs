/** The bundles for browsers, by the name that pages use. A new page adds its script here. */
export const entries = {
  desk: 'apps/desk/src/main.tsx',
  'desk-style': 'apps/desk/src/desk.css',
  style: 'libs/pages/src/style/pages.css',
  plain: 'libs/pages/src/client/plain.ts',
  history: 'libs/pages/src/client/history.ts',
  reader: 'libs/pages/src/client/reader.tsx',
  embed: 'libs/pages/src/embed/element.ts',
  'embed-style': 'libs/pages/src/embed/embed.css',
};
