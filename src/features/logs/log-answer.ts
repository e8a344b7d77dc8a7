import { bare } from '../../http/openapi/describe.decorator.js';
import { LOGS_EXAMPLE, LogsDto } from './log.dto.js';

/** How the document tells of a log: a list, what was printed, its file, or a stream of lines. */
export const LOG_ANSWER = {
  ...bare(LogsDto, LOGS_EXAMPLE),
  also: {
    'text/plain': 'web 1 on h1: healthy\n',
    'application/gzip': 'The bytes of the file.',
    'text/event-stream': `id: 1041\ndata: ${JSON.stringify(LOGS_EXAMPLE.logs[0])}\n\n`,
  },
};
