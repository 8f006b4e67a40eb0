/** A picture of the publisher, served by us. */
export interface Logo {
  /** Its path on this server. */
  readonly url: string;
  /** The logo for dark pages, where there is another. */
  readonly dark?: string | undefined;
  /** In pixels, as the file says. */
  readonly width: number;
  readonly height: number;
}

/** One colour each for light and for dark pages: `#rrggbb`. */
export interface Shades {
  readonly light: string;
  readonly dark: string;
}

/** Who publishes the pages, and how they look. */
export interface Brand {
  readonly name: string;
  /** The publisher's own site. */
  readonly url?: string | undefined;
  readonly logo?: Logo | undefined;
  /** The path of the style sheet with the publisher's colours and fonts, which follows ours. */
  readonly style?: string | undefined;
  /** What pages are written on: browsers draw their own frame in it. */
  readonly paper: Shades;
}

/** The brand of a reader-api without settings: ours. */
export const dateline: Brand = { name: 'Dateline', paper: { light: '#fdfcfa', dark: '#14161a' } };
