import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { everywhere, Needs } from '../../http/auth/needs.decorator.js';
import { type Answer, Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { AUDIT_EXAMPLE, AuditItemDto, ExportAuditDto, ListAuditDto } from './audit.dto.js';
import { AuditService } from './audit.service.js';

const LINES: Answer = {
  media: 'application/x-ndjson',
  schema: { type: 'string' },
  example: '{"id":"1","write_id":"1","actor_kind":"bootstrap","previous_hash":"0000","hash":"6b1c"}\n',
};

@ApiTags('audit')
@Controller('audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Needs('admin', everywhere)
  @Describe({
    summary: 'List what was done, by whom, and what changed by it',
    about:
      'One item for each request that would write, those that were refused by right too. It is written before anything ' +
      'is done, and can only be added to. Filters are joined by "and".',
    answer: pageOf(AuditItemDto, AUDIT_EXAMPLE),
    errors: ['record_invalid', 'not_found'],
  })
  @Get()
  listAudit(@Query() query: ListAuditDto): Promise<Page<AuditItemDto>> {
    return this.audit.list(query);
  }

  @Needs('admin', everywhere)
  @Describe({
    summary: 'Export the audit, entry by entry, with its hashes',
    about:
      'JSON, one entry a line, oldest first: two for each write. `npm run audit:verify -- --file` checks such a file, and ' +
      '`after` continues one. Keep the hash of the last line somewhere else: it proves later that nothing was cut off.',
    answer: LINES,
    errors: ['record_invalid'],
  })
  @Get('export')
  exportAudit(@Query() query: ExportAuditDto, @Res() response: Response): Promise<void> {
    return this.audit.export(response, query.after);
  }

  @Needs('admin', everywhere)
  @Describe({
    summary: 'Show one write',
    answer: oneOf(AuditItemDto, AUDIT_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getAuditItem(@Param('id') id: string): Promise<AuditItemDto> {
    return this.audit.get(id);
  }
}
