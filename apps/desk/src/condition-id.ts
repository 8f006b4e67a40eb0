/**
 * An id for a new condition, made by chance. The log keeps conditions' ids in the clear, also of developments under embargo, so
 * an id that is made of the condition's words would tell what is withheld to whoever may read the topic.
 */
export function newConditionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `c-${Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')}`;
}
