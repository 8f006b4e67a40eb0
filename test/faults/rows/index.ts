import type { Row } from '../row.js';
import { broker, cut, leader, poison, projector, race, regress, store, upgrade } from './existing.js';
import { bundles } from './bundles.js';
import { clocks } from './clocks.js';
import { disks } from './disks.js';
import { failover } from './failover.js';
import { http } from './http.js';
import { backends, killed } from './killed.js';
import { memory } from './memory.js';
import { proxies } from './proxies.js';
import { servers } from './servers.js';
import { simulator } from './simulator.js';
import { streams } from './streams.js';
import { versions } from './versions.js';
import { walks } from './walks.js';
import { zoo } from './zoo.js';

/** Every row of the matrix, in the order of the table. To add one, add its file and a line here. */
export const rows: readonly Row[] = [
  simulator,
  zoo,
  walks,
  killed,
  backends,
  servers,
  proxies,
  clocks,
  streams,
  disks,
  failover,
  memory,
  race,
  projector,
  broker,
  leader,
  cut,
  store,
  poison,
  regress,
  bundles,
  http,
  upgrade,
  versions,
];
