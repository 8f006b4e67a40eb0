import type { App } from './app.js';

export const metricsUrl = ({ output }: App) =>
  output.map(line => /^\{"metrics":"(.*)"\}$/.exec(line)?.[1]).find(url => url !== undefined)!;

/** The samples of one metric, by their labels without `app`. */
export async function scrape(app: App, name: string): Promise<Record<string, number>> {
  const answer = await fetch(metricsUrl(app));
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`The scrape was answered with ${answer.status}: ${text}`);
  const lines = text.split('\n').filter(line => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return Object.fromEntries(
    lines.map(line => {
      const [, labels = '', value] = /^[^{ ]+(?:\{(.*)\})? (\S+)$/.exec(line)!;
      const shown = labels.split(',').filter(label => !label.startsWith('app='));
      return [shown.join(','), Number(value)];
    }),
  );
}
