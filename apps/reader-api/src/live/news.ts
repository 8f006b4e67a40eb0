import { listen } from '#postgres';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { SETTINGS, type ReaderSettings } from '../settings.js';
import { LiveStreams } from './streams.js';

/** What the projector notifies of every batch. */
const channel = 'dateline';

/** The process's one connection that hears of new positions. */
@Injectable()
export class News implements OnModuleInit, OnModuleDestroy {
  private readonly stop = new AbortController();
  private listening: Promise<void> | undefined;
  private connected = false;

  constructor(
    private readonly streams: LiveStreams,
    @Inject(SETTINGS) private readonly settings: ReaderSettings,
  ) {}

  /** Whether the connection stands. */
  get stands(): boolean {
    return this.connected;
  }

  onModuleInit(): void {
    const onNews = () => this.streams.wake();
    const onState = (stands: boolean) => (this.connected = stands);
    this.listening = listen(this.settings.DATABASE_URL, channel, { onNews, onState }, this.stop.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.stop.abort();
    await this.listening;
  }
}
