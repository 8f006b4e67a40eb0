/** The content of a reported statement by the mayor, who is registered. */
export const statement = (quote: string) => ({
  content: {
    kind: 'statement',
    data: { speaker: 'mayor', quote },
    occurred: { precision: 'unknown' },
    sourcing: { basis: 'desk', standing: 'reported' },
    modality: { mode: 'asserted' },
  },
});
