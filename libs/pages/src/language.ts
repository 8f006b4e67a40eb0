interface WithDirection extends Intl.Locale {
  getTextInfo?(): { direction: 'ltr' | 'rtl' };
  textInfo?: { direction: 'ltr' | 'rtl' };
}

/** The language as BCP 47 writes it; undefined for what is none. */
export function bcp47(language: string | null | undefined): string | undefined {
  try {
    return language ? Intl.getCanonicalLocales(language)[0] : undefined;
  } catch {
    return undefined;
  }
}

/** The way a language is written: by its script, where the tag names one or its usual one. */
export function directionOf(language: string | null | undefined): 'ltr' | 'rtl' {
  const tag = bcp47(language);
  if (!tag) return 'ltr';
  const locale: WithDirection = new Intl.Locale(tag);
  return (locale.getTextInfo?.() ?? locale.textInfo)?.direction ?? 'ltr';
}
