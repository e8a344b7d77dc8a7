import { bare } from '../../http/openapi/describe.decorator.js';
import { LOGS_EXAMPLE, LogsDto } from './log.dto.js';

/** How the document tells of a log: a list, what was printed, its file, or a stream of lines. */
export const LOG_ANSWER = {
  ...bare(LogsDto, LOGS_EXAMPLE),
  also: ['text/plain', 'application/gzip', 'text/event-stream'],
};
