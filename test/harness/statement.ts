/** What an editor posts when the mayor, who is registered, is reported to have said this. */
export const statement = (quote: string) => ({
  content: {
    kind: 'statement',
    data: { speaker: 'mayor', quote },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'asserted' },
  },
});
