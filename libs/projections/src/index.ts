export const projectionsName = 'projections';
