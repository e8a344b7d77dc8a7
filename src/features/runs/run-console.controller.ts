import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Needs, record } from '../../http/auth/needs.decorator.js';
import type { HttpRequest } from '../../http/http-request.js';
import { DescribeSocket } from '../../http/sockets/describe-socket.decorator.js';
import { LiveSockets } from '../../http/sockets/live-sockets.js';
import { LogBook } from '../../store/log-book.js';
import { Runs } from '../../store/repositories/runs.js';
import { CONSOLE_PROTOCOL } from './console-messages.js';
import { ConsoleSession } from './console-session.js';
import { RunConnections } from './run-connection.js';

@ApiTags('runs')
@Controller('runs')
export class RunConsoleController {
  constructor(
    private readonly sockets: LiveSockets,
    private readonly runs: Runs,
    private readonly logBook: LogBook,
    private readonly connections: RunConnections,
  ) {}

  @Needs('run', record('run'))
  @DescribeSocket({
    summary: 'Connect to a run',
    about:
      'A WebSocket with the subprotocol `jockey.console.v1`; it may be opened while the run still waits. Binary messages ' +
      'begin with a byte that says what they are: the client sends 0 and what is typed, the server 1 or 2 and what was ' +
      'printed to standard output or error. Text messages are JSON: the client sends `{"type":"resize","columns":80,' +
      '"rows":24}`, `{"type":"signal","signal":"SIGINT"}` or `{"type":"end_of_input"}`; the server `{"type":"state",' +
      '"state":"running","waiting_for":null}`, `{"type":"exit","exit_code":0,"signal":null,"reason":null,"outcome":' +
      '"succeeded"}`, after which it closes with 1000, or `{"type":"problem", …}` with the fields of a Problem. What is ' +
      'printed is as the program prints it, secrets too: this needs the right to run commands, not only to read.',
    errors: ['not_found'],
  })
  @Get(':id/console')
  async openRunConsole(@Param('id') id: string, @Req() request: HttpRequest, @Res() response: Response): Promise<void> {
    const run = await this.runs.get(id);
    const socket = this.sockets.accept({ request, response }, { protocol: CONSOLE_PROTOCOL });
    const { runs, logBook, connections } = this;
    // What the client says at once is heard only by who listens at once.
    const served = new ConsoleSession({ runs, logBook, connections }, socket, run).serve();
    await this.tell(id, `console opened by ${request.caller?.name ?? ''}`);
    await served;
    await this.tell(id, `console closed by ${request.caller?.name ?? ''}`);
  }

  /** The log says who was there, where what they typed is nowhere; a database that is away loses the line. */
  private async tell(id: string, text: string): Promise<void> {
    const line = { logger: 'console', text };
    await this.logBook.append({ subject: 'run', id }, [line]).catch(() => undefined);
  }
}
