import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Response } from 'express';
import type { EditorCommand } from '../commands/command.js';
import { answer } from './answer.js';

/** A controller whose routes each give one command, and answer as every command is answered. */
@Injectable()
export abstract class Commanding {
  constructor(private readonly bus: CommandBus) {}

  protected async answer(command: EditorCommand, response: Response) {
    return answer(await this.bus.execute(command), command, response);
  }
}
