import { openCaptures } from '#captures';
import { logging } from '#platform';
import { LivenessController } from '#platform/liveness';
import { Module, type DynamicModule } from '@nestjs/common';
import { BlockList } from 'node:net';
import { CAPTURES, CapturesController, SECRET } from './captures.controller.js';
import { HealthController } from './health.controller.js';
import type { FetcherSettings } from './settings.js';

/** Whether an address is in one of these networks. */
function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  const family = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');
  for (const network of networks) {
    const [address, bits] = network.split('/') as [string, string];
    list.addSubnet(address, Number(bits), family(address));
  }
  return address => list.check(address, family(address));
}

@Module({})
/** The fetcher's routes. */
export class FetcherModule {
  static of(settings: FetcherSettings): DynamicModule {
    const captures = openCaptures({
      userAgent: settings.CAPTURE_USER_AGENT,
      ports: settings.CAPTURE_PORTS,
      alsoAllows: inNetworks(settings.CAPTURE_NETWORKS ?? []),
    });
    return {
      module: FetcherModule,
      imports: [logging('fetcher', settings.LOG_LEVEL)],
      controllers: [CapturesController, HealthController, LivenessController],
      providers: [
        { provide: CAPTURES, useValue: captures },
        { provide: SECRET, useValue: settings.FETCHER_SECRET },
      ],
    };
  }
}
