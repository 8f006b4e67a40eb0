export * from './metrics.js';
export { countRefusedConnections, refuse } from './refusals.js';
export * from './requests.js';
export * from './tracing.js';
