// Search in a story: a headline must contain each of the words, in any case and place.

/** The longest search, in characters, and the most words in it. */
export const longestSearch = 100;
export const mostWords = 8;

/** The words of a search. */
export const wordsIn = (text: string): string[] => text.split(/\s+/u).filter(Boolean);

/** Whether a headline contains each of the words; false for a taken-down entry, which has none. */
export const holdsWords = (headline: string | null, words: readonly string[]): boolean => {
  const lowered = (headline ?? '').toLowerCase();
  return words.every(word => lowered.includes(word.toLowerCase()));
};
