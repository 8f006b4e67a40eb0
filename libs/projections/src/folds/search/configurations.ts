import { bcp47 } from '#domain';

/** Postgres's text search configurations, by the language whose words they know. */
const byLanguage: Readonly<Record<string, string>> = {
  ar: 'arabic',
  ca: 'catalan',
  da: 'danish',
  de: 'german',
  el: 'greek',
  en: 'english',
  es: 'spanish',
  eu: 'basque',
  fi: 'finnish',
  fr: 'french',
  ga: 'irish',
  hi: 'hindi',
  hu: 'hungarian',
  hy: 'armenian',
  id: 'indonesian',
  it: 'italian',
  lt: 'lithuanian',
  nb: 'norwegian',
  ne: 'nepali',
  nl: 'dutch',
  nn: 'norwegian',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sr: 'serbian',
  sv: 'swedish',
  ta: 'tamil',
  tr: 'turkish',
  yi: 'yiddish',
};

/** The configuration that splits text into words and leaves them as they are. */
const unknownLanguage = 'simple';

/** Every configuration that rows may have. */
export const configurations: readonly string[] = [...new Set([...Object.values(byLanguage), unknownLanguage])];

/** The configuration for a story's language. */
export const configurationOf = (language: string | null | undefined): string =>
  new Map(Object.entries(byLanguage)).get(bcp47(language)?.split('-')[0] ?? '') ?? unknownLanguage;
