import { setting } from '#platform';
import { z } from 'zod';

const Colours = z
  .string()
  .regex(
    /^#[0-9a-f]{6}( #[0-9a-f]{6})?$/i,
    'must be one or two colours such as #b3201b #ff8a80, for light and for dark pages',
  )
  .transform(text => text.toLowerCase().split(' ') as [string, string?])
  .optional();

const Font = z
  .string()
  .regex(
    /^([\w ./\\:~-]+\.woff2|[a-z][\w -]*(, ?[a-z][\w -]*)*)$/i,
    'must be the path of a .woff2 file, or names of fonts that readers have, joined by commas',
  )
  .max(500)
  .optional();

const source = /^(https?:\/\/)(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i;

const FrameAncestors = z
  .string()
  .default('none')
  .transform(text =>
    text === 'none' || text === 'self'
      ? `'${text}'`
      : text
          .split(/[\s,]+/)
          .filter(Boolean)
          .join(' '),
  )
  .refine(
    text => /^'(none|self)'$/.test(text) || (text !== '' && text.split(' ').every(each => source.test(each))),
    'must be none, self, or origins such as https://paper.example or https://*.paper.example, joined by commas',
  );

const colours = (what: string, must: string) =>
  setting(
    Colours,
    `${what}: one colour such as #b3201b, or two with a space between, the second for dark pages. ${must} The process does not start with a colour that is hard to read (WCAG AA).`,
  );

const font = (what: string) =>
  setting(
    Font,
    `${what}: the path of a .woff2 file, which the reader-api serves, or names of fonts that readers have, joined by commas.`,
  );

const logo = (what: string) => setting(z.string().max(500).optional(), what);

/** Who publishes the pages, how they look, and who may frame them. */
export const brandSettings = {
  BRAND_NAME: setting(
    z.string().trim().min(1).max(100).optional(),
    'Name of the publisher, in the masthead and in data for search engines. Without it the pages say Dateline.',
  ),
  BRAND_URL: setting(
    z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).optional(),
    'The publisher’s own site. Pages link to it at their foot, and search engines learn it.',
  ),
  BRAND_LOGO: logo(
    'Path of the publisher’s logo, an SVG or PNG file of at most 64 kB, which the reader-api serves. The masthead shows it instead of the name, which is its alternative text.',
  ),
  BRAND_LOGO_DARK: logo('Path of the logo for dark pages, of the same proportions. Default: BRAND_LOGO.'),
  BRAND_ACCENT: colours('Colour of marks and badges', 'It is read on the paper.'),
  BRAND_LINK: colours('Colour of links and of the focus', 'It is read on the paper.'),
  BRAND_PAPER: colours('Colour of the page', 'All texts are read on it.'),
  BRAND_HEADLINE_FONT: font('Font of headlines and quotes'),
  BRAND_TEXT_FONT: font('Font of all other text'),
  FRAME_ANCESTORS: setting(
    FrameAncestors,
    'Who may show pages in a frame: `none`, `self`, or origins such as https://paper.example or https://*.paper.example, joined by commas.',
  ),
};
