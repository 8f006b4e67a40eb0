import { dateline, type Brand, type ServedFile, type Shades } from '#pages';
import type { ReaderSettings } from '../settings.js';
import { coloursOf, inkOn } from './colours.js';
import { named, readFont, readLogo, type LogoFile, type Named } from './files.js';

/** The brand of the pages, and the files that it needs. */
export interface Branding {
  readonly brand: Brand;
  readonly files: readonly ServedFile[];
  /** What the brand adds to the style sheet for other sites' pages. */
  readonly embedRules: string;
}

type BrandSettings = Pick<ReaderSettings, Extract<keyof ReaderSettings, `BRAND_${string}`>>;

/** Reads the publisher's brand and its files. Throws a ConfigError for a file or colour that pages cannot use. */
export function brandingOf(settings: BrandSettings): Branding {
  const { BRAND_NAME, BRAND_URL, BRAND_LOGO, BRAND_LOGO_DARK } = settings;
  const colours = coloursOf({
    accent: settings.BRAND_ACCENT,
    link: settings.BRAND_LINK,
    paper: settings.BRAND_PAPER,
  });
  const logo = BRAND_LOGO === undefined ? undefined : readLogo('BRAND_LOGO', BRAND_LOGO);
  const dark = BRAND_LOGO_DARK === undefined ? undefined : readLogo('BRAND_LOGO_DARK', BRAND_LOGO_DARK);
  const fonts = [
    fontOf('BRAND_HEADLINE_FONT', settings.BRAND_HEADLINE_FONT, 'serif', 'Georgia,serif'),
    fontOf('BRAND_TEXT_FONT', settings.BRAND_TEXT_FONT, 'sans', 'system-ui,sans-serif'),
  ];
  const rules = rulesOf(settings, colours, fonts, logo);
  const style = rules === '' ? undefined : named('brand', 'css', 'text/css; charset=utf-8', Buffer.from(rules));
  return {
    brand: {
      name: BRAND_NAME ?? dateline.name,
      url: BRAND_URL,
      logo: logo && { url: logo.url, dark: dark?.url, width: logo.width, height: logo.height },
      style: style?.url,
      paper: colours.paper,
    },
    files: [logo, dark, style, ...fonts.map(font => font.file)].filter(file => file !== undefined),
    embedRules: embedRulesOf(settings, colours),
  };
}

interface Font {
  /** The declaration of the token. */
  readonly token: string;
  readonly face: string;
  readonly file: Named | undefined;
}

function fontOf(setting: string, value: string | undefined, token: string, fallback: string): Font {
  if (value === undefined) return { token: '', face: '', file: undefined };
  if (!value.endsWith('.woff2')) {
    const families = value.split(',').map(name => quoted(name.trim()));
    return { token: `--${token}:${families.join(',')},${fallback};`, face: '', file: undefined };
  }
  const file = readFont(setting, value);
  const name = `brand-${token}`;
  const face = `@font-face{font-family:${name};src:url(${file.url}) format('woff2');font-weight:100 900;font-display:swap}`;
  return { token: `--${token}:${name},${fallback};`, face, file };
}

/** A generic family, such as `serif`, has no quotation marks. */
const quoted = (family: string): string => (/^[a-z-]+$/.test(family) ? family : `'${family}'`);

type Colours = ReturnType<typeof coloursOf>;

/** The height of a logo in the masthead, in rem. */
const logoHeight = 2;

/** The style sheet of the brand; empty without one. */
function rulesOf(
  settings: BrandSettings,
  colours: Colours,
  fonts: readonly Font[],
  logo: LogoFile | undefined,
): string {
  const chosen = chosenOf(settings);
  const of = (theme: keyof Shades) => chosen.map(name => declared(name, colours[name][theme])).join('');
  const tokens = of('light') + fonts.map(({ token }) => token).join('');
  return [
    ...fonts.map(({ face }) => face),
    tokens && `:root{${tokens}}`,
    chosen.length > 0 && `@media (prefers-color-scheme:dark){:root{${of('dark')}}}`,
    // The dot after the name is Dateline's.
    settings.BRAND_NAME !== undefined || logo ? '.wordmark::after{content:none}' : '',
    logo && `.wordmark img{display:block;inline-size:auto;block-size:${logoHeight}rem;max-inline-size:60vw}`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** The colours on other sites' pages, which may set their own. A page there says itself whether it is dark. */
function embedRulesOf(settings: BrandSettings, colours: Colours): string {
  const chosen = chosenOf(settings);
  if (chosen.length === 0) return '';
  const of = (theme: keyof Shades) =>
    chosen
      .map(name => declared(name, colours[name][theme]))
      .join('')
      .replace(/--([\w-]+):([^;]+);/g, '--$1:var(--dateline-$1,$2);');
  const dark = `.dateline{${of('dark')}}`;
  const onDark = `:host([theme=dark]) ${dark}@media (prefers-color-scheme:dark){:host([theme=auto]) ${dark}}`;
  return `.dateline{${of('light')}}${onDark}`;
}

/** The colours that the publisher has chosen. */
const chosenOf = (settings: BrandSettings) => [
  ...(settings.BRAND_ACCENT ? ['accent' as const] : []),
  ...(settings.BRAND_LINK ? ['link' as const] : []),
  ...(settings.BRAND_PAPER ? ['paper' as const] : []),
];

function declared(name: keyof Colours, colour: string): string {
  if (name === 'accent') return `--accent:${colour};--accent-ink:${inkOn(colour)};`;
  return name === 'link' ? `--link:${colour};--focus:${colour};` : `--paper:${colour};`;
}
