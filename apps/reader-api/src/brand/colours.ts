import { dateline, type Shades } from '#pages';
import { ConfigError } from '#platform';

// Colours of libs/pages/src/style/tokens.css with which a publisher's own must go together. A test compares them.

/** The colours that a publisher may choose. */
export const ours = {
  accent: { light: '#b3201b', dark: '#ff8a80' },
  link: { light: '#0f4c81', dark: '#8ec3f2' },
  paper: dateline.paper,
} satisfies Record<string, Shades>;

/** What else texts are written on. */
export const grounds = {
  surface: { light: '#ffffff', dark: '#1b1e23' },
  sunken: { light: '#f4f1ec', dark: '#20242a' },
  'warn-paper': { light: '#fdf4e3', dark: '#2b2416' },
} satisfies Record<string, Shades>;

/** What else is written on the paper. */
export const inks = {
  ink: { light: '#17191d', dark: '#eceae5' },
  'ink-soft': { light: '#454a52', dark: '#c3c3c0' },
  'ink-faint': { light: '#646a73', dark: '#9ea1a5' },
  good: { light: '#1d6b40', dark: '#7fd0a0' },
  warn: { light: '#85510a', dark: '#f0bd6a' },
  gone: { light: '#6b6259', dark: '#a59d93' },
  if: { light: '#5b3f93', dark: '#c4b0f0' },
} satisfies Record<string, Shades>;

/** The least contrast of text (WCAG 2.2, 1.4.3, level AA). */
export const least = 4.5;

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map(at => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** The contrast of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

/** What is written on a ground of this colour: black or white, whichever reads better. It is enough on any colour. */
export const inkOn = (ground: string): string =>
  contrast(ground, '#ffffff') >= contrast(ground, '#000000') ? '#ffffff' : '#000000';

/** The chosen colours: for light pages, and for dark pages if given. */
export interface Chosen {
  readonly accent?: readonly [string, string?] | undefined;
  readonly link?: readonly [string, string?] | undefined;
  readonly paper?: readonly [string, string?] | undefined;
}

const shades = (chosen: readonly [string, string?] | undefined, usual: Shades): Shades =>
  chosen ? { light: chosen[0], dark: chosen[1] ?? usual.dark } : usual;

const themes = ['light', 'dark'] as const;

/** The colours of pages. Throws a ConfigError that names every pair which is hard to read. */
export function coloursOf({ accent, link, paper }: Chosen): Record<keyof typeof ours, Shades> {
  const colours = {
    accent: shades(accent, ours.accent),
    link: shades(link, ours.link),
    paper: shades(paper, ours.paper),
  };
  const pairs: (readonly [setting: string, text: string, of: Shades, ground: string, on: Shades])[] = [
    ...(['accent', 'link'] as const).flatMap(name =>
      Object.entries({ paper: colours.paper, ...grounds }).map(
        ([ground, on]) => [`BRAND_${name.toUpperCase()}`, `the ${name}`, colours[name], ground, on] as const,
      ),
    ),
    ...Object.entries(inks).map(
      ([ink, of]) => ['BRAND_PAPER', `the text colour ${ink}`, of, 'paper', colours.paper] as const,
    ),
  ];
  const faults = pairs.flatMap(([name, text, of, ground, on]) =>
    themes.flatMap(theme => {
      const found = contrast(of[theme], on[theme]);
      if (found >= least) return [];
      const better = theme === 'light' ? 'darker' : 'lighter';
      const advice =
        name === 'BRAND_PAPER' ? `a ${theme === 'light' ? 'lighter' : 'darker'} paper` : `a ${better} ${text.slice(4)}`;
      const ratio = (Math.floor(found * 100) / 100).toFixed(2);
      return `${name} is wrong: on ${theme} pages ${text} ${of[theme]} on the ${ground} ${on[theme]} has a contrast of ${ratio}, and text needs ${least}. Choose ${advice}.`;
    }),
  );
  if (faults.length > 0) throw new ConfigError(`These settings need your attention:\n  ${faults.join('\n  ')}`);
  return colours;
}
