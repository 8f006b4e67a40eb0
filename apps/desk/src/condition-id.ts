/**
 * A random id for a new condition. The log stores conditions' ids in plain text, even for developments under embargo, so an
 * id derived from the condition's words would reveal them to every reader of the topic.
 */
export function newConditionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `c-${Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')}`;
}
