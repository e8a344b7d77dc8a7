import { invalid } from '../../domain/kernel/errors.js';
import type { WhenBusy } from '../../store/repositories/write-deploy.js';
import type { WhenBusyDto } from './deploy-input.dto.js';

/** What is to become of a deploy while another is in progress; one cannot both wait for it and take its place. */
export function whenBusyOf({ force = false, queue = false }: WhenBusyDto): WhenBusy {
  if (force && queue)
    throw invalid(
      'queue',
      'contradicts force: one waits for the deploy in progress, the other ends it; leave one out.',
    );
  if (force) return 'force';
  return queue ? 'queue' : 'refuse';
}
