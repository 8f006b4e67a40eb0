import { describe } from '@jest/globals';
import { logContract, record } from '../testing/contract.js';
import { MemoryLog } from './log.js';

describe('the log in memory', () => {
  logContract(async () => {
    const log = new MemoryLog();
    return {
      appender: () => log.appender(),
      reader: () => log.reader(),
      makeGap: async () => log.arrive(record('after the gap'), 1),
      truncate: async () => {
        log.records.shift();
        log.first = 1;
      },
      close: async () => undefined,
    };
  });
});
