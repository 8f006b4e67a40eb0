// What the processes of a walk get for `node:crypto`: the same ids in the same walk.
export * from 'node:crypto';
let made = 0;
/** Begins again with the same ids. */
export const beginIds = () => (made = 0);
export const randomUUID = () => {
  const number = Math.imul(++made, 0x9e3779b1) >>> 0;
  return `${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
};
