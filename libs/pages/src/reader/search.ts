// How readers search a story: for words of headlines, each of them, in whatever case and place.

/** What may be searched for at once: characters, and words. */
export const longestSearch = 100;
export const mostWords = 8;

export const wordsIn = (text: string): string[] => text.split(/\s+/u).filter(Boolean);

/** Whether a headline holds each of the words; of what was taken down there is none. */
export const holdsWords = (headline: string | null, words: readonly string[]): boolean => {
  const told = (headline ?? '').toLowerCase();
  return words.every(word => told.includes(word.toLowerCase()));
};
