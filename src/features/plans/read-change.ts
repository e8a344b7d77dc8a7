import { invalid } from '../../domain/kernel/errors.js';
import { show } from '../../http/input/fields.js';
import { readPart } from '../../http/input/input.pipe.js';
import { CHANGE_DTOS, CHANGE_KINDS, type ChangeDto, type ChangeKind } from './change.dto.js';

/** The change of a body, checked by its kind; throws `record_invalid` with every fault. */
export function readChange(change: Readonly<Record<string, unknown>>, form: boolean): ChangeDto {
  const { kind } = change;
  if (!isKind(kind)) {
    const fault = kind === undefined ? 'is required' : `is ${show(kind)}`;
    throw invalid('change.kind', `${fault}, but should be one of ${CHANGE_KINDS.join(', ')}.`);
  }
  return readPart<ChangeDto>(CHANGE_DTOS[kind], { name: 'change', input: change, form });
}

function isKind(kind: unknown): kind is ChangeKind {
  return typeof kind === 'string' && (CHANGE_KINDS as readonly string[]).includes(kind);
}
