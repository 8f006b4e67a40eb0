import { draftBounds } from '#contract';
import type { Client } from '../harness/client.js';

/** A word of its own for each draft, which nothing else holds. */
const wordOf = (story: string, number: number) => `unposted${story}${number}quail`;

/** Begins as many drafts in the story as it may have, each with a word of its own in several fields, and returns the words. */
export async function writeDrafts(by: Client, story: string): Promise<string[]> {
  const words = Array.from({ length: draftBounds.ofStory }, (_, number) => wordOf(story, number));
  for (const [number, word] of words.entries()) {
    const content = { kind: 'context', headline: `The ${word}`, body: `A ${word} sings`, data: { topic: word } };
    const value = number % 2 ? { content } : { content, embargo: {} };
    const { status, text } = await by.put(`/stories/${story}/drafts/canary-${story}-${number}`, {
      ...{ version: 0, act: 'record', value },
    });
    if (status !== 200) throw new Error(text);
  }
  return words;
}

/** The words of drafts that a text holds. */
export const draftsIn = (text: string, words: readonly string[]): string[] => {
  const lower = text.toLowerCase();
  return words.filter(word => lower.includes(word));
};
